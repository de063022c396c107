/** For which version of the model a step is meant: Python refuses one that was meant for an older version. */

/** Gives each step of this page an id, and counts those on their way: the next step is meant for what they make. */
export function stepVersions(page = Math.random().toString(36).slice(2)) {
  let sent = 0;
  let onTheWay = [];
  return {
    stamp({ revision, answered }) {
      // Python answers in order; an id of another page is none of ours
      onTheWay = onTheWay.slice(onTheWay.indexOf(answered) + 1);
      const id = `${page}:${++sent}`;
      const version = revision + onTheWay.length;
      onTheWay.push(id);
      return { id, version };
    },
  };
}
