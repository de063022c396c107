/** Icons of one stroke on a 16 px grid, drawn in the colour of the text beside them. */

const PATHS = {
  lock: <><rect x="3.5" y="7" width="9" height="6.5" rx="1" /><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" /></>,
  open: <><rect x="3.5" y="7" width="9" height="6.5" rx="1" /><path d="M5.5 7V4.5a2.5 2.5 0 0 1 4.8-1" /></>,
  undo: <path d="M6 3 3 6l3 3M3 6h6a4 4 0 0 1 0 8H7" />,
  redo: <path d="m10 3 3 3-3 3m3-3H7a4 4 0 0 0 0 8h2" />,
  plus: <path d="M8 3v10M3 8h10" />,
  minus: <path d="M3 8h10" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  search: <><circle cx="7" cy="7" r="4" /><path d="m10 10 3.5 3.5" /></>,
  check: <path d="m3 8.5 3.2 3.2L13 5" />,
  error: <><circle cx="8" cy="8" r="6" /><path d="M8 4.8v4M8 11v.2" /></>,
  warning: <path d="M8 2.500 14.300 13.500H1.700zM8 6.500v3.200M8 11.500v.2" />,
  note: <><circle cx="8" cy="8" r="6" /><path d="M8 7.200v4M8 5v.2" /></>,
  wait: <><circle cx="8" cy="8" r="6" /><path d="M8 5v3l2 1.5" /></>,
  up: <path d="M8 13V3M4 7l4-4 4 4" />,
  below: <path d="M8 3v10M4 9l4 4 4-4" />,
  again: <path d="M3 8V6.5A2.5 2.5 0 0 1 5.5 4H13M10.500 1.500 13 4l-2.500 2.500M13 8v1.500a2.500 2.500 0 0 1-2.500 2.500H3M5.500 9.500 3 12l2.500 2.500" />,
  down: <path d="m4 6 4 4 4-4" />,
  right: <path d="m6 4 4 4-4 4" />,
  left: <path d="m10 4-4 4 4 4" />,
  play: <path d="M5 3.5v9l7-4.5z" />,
  pause: <path d="M5.5 4v8M10.500 4v8" />,
  stop: <rect x="4" y="4" width="8" height="8" />,
  copy: <><rect x="5.5" y="5.5" width="7.5" height="8" /><path d="M10.500 3H3v8" /></>,
  insert: <><path d="M3 3h10M8 6v7M5 10l3 3 3-3" /></>,
  trash: <path d="M3 4.5h10M6.500 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.800l.6-8.5" />,
};

export function Icon({ name, className = "", title }) {
  return (
    <svg
      className={`kn-icon ${className}`}
      viewBox="0 0 16 16"
      role={title ? "img" : undefined}
      aria-label={title}
      aria-hidden={title ? undefined : true}
    >
      {PATHS[name]}
    </svg>
  );
}
