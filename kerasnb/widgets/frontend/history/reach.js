/** How far the axis of a training reaches: over what was trained, and while it trains over as much more as leaves its curve wide. */

/** So many planned epochs are shown whole from the first on. */
const FEW = 50;

/** The whole plan is shown from the epoch on at which its curve fills one in so many parts of the axis. */
const NEAR = 4;

/** Room on the right of a curve that grows. */
const ROOM = 1.1;

/**
 * The last epoch of the axis of a run of which so many are done. One that is over ends where it ended. One of 100,000
 * that trains grows into axes of 50, 100, 200, 500 ...: round numbers, so that the axis moves seldom.
 */
export function lastEpoch(run, done) {
  const isOver = run?.outcome && run.outcome !== "running";
  return Math.max(isOver ? 0 : ahead(run?.planned ?? 0, done), done, 1);
}

const ahead = (planned, done) => (planned <= Math.max(FEW, NEAR * done) ? planned : roundUp(Math.max(FEW, ROOM * done)));

/** The next of 1, 2, 5, 10, 20, 50 ... */
function roundUp(number) {
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 5, 10].map((size) => size * power).find((size) => size >= number);
}
