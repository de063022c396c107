/** Counts of values as bars over their range. */

export function Histogram({ title, counts, of, ticks }) {
  const most = Math.max(1, ...counts);
  const step = 224 / counts.length;
  return (
    <div className="kn-histogram">
      <div className="kn-row"><b>{title}</b><span className="kn-space" /><span className="kn-small kn-muted kn-number">{of}</span></div>
      <svg viewBox="0 0 224 74" role="img" aria-label={`${title}: ${of}, from ${ticks[0]} to ${ticks[2]}`}>
        {counts.map((number, at) => (
          <rect key={at} x={at * step + 0.5} width={step - 1} y={72 - (70 * number) / most} height={(70 * number) / most} />
        ))}
        <path d="M0 72.500H224" />
      </svg>
      <div className="kn-row kn-ticks kn-number">{ticks.map((tick, at) => <span key={at}>{tick}</span>)}</div>
    </div>
  );
}
