/**
 * The controls that every widget uses: buttons, fields, segments, tabs, chips. Without a kernel they are disabled, but for
 * those that are `local`: which need none.
 */
import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icons.jsx";
import { useLost } from "./kernel.jsx";

export const classes = (...names) => names.filter(Boolean).join(" ");

export function Button({ icon, children, primary, short, className, local, disabled, ...rest }) {
  const lost = useLost() && !local;
  return (
    <button
      type="button"
      className={classes("kn-button", primary && "kn-primary", short && "kn-short", className)}
      data-local={local}
      disabled={disabled || lost}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that shows only an icon; `label` is its name for screen readers and its tooltip. */
export function IconButton({ icon, label, className, local, disabled, ...rest }) {
  const lost = useLost() && !local;
  return (
    <button
      type="button"
      className={classes("kn-button kn-bare", className)}
      data-local={local}
      aria-label={label}
      title={label}
      disabled={disabled || lost}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}

/** Shows a button as busy, with its word; the spinner comes only after 300 ms of waiting. */
export function BusyButton({ busy, busyWord, children, ...rest }) {
  const slow = useSlow(busy);
  return (
    <Button aria-busy={busy || undefined} {...rest} icon={busy ? undefined : rest.icon}>
      {slow && <span className="kn-spinner" />}
      {busy ? busyWord : children}
    </Button>
  );
}

export function useSlow(busy, delay = 300) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return setSlow(false);
    const timer = setTimeout(() => setSlow(true), delay);
    return () => clearTimeout(timer);
  }, [busy, delay]);
  return slow;
}

/** A text field with a draft of its own: commits on Enter or blur, returns to the value on Escape. */
export function TextField({ value, onCommit, invalid, code, unset, className, disabled, ...rest }) {
  const lost = useLost();
  const [draft, setDraft] = useState(null);
  const shown = draft ?? value;
  const commit = () => {
    if (draft !== null && draft !== value) onCommit(draft);
    setDraft(null);
  };
  const onKeyDown = (event) => {
    if (event.key === "Enter") commit();
    if (event.key === "Escape") setDraft(null);
    rest.onKeyDown?.(event);
  };
  return (
    <input
      {...rest}
      className={classes("kn-input", code && "kn-code", unset && draft === null && "kn-unset", className)}
      value={shown}
      disabled={disabled || lost}
      spellCheck="false"
      autoComplete="off"
      aria-invalid={invalid || undefined}
      onInput={(event) => setDraft(event.target.value)}
      onFocusOut={commit}
      onKeyDown={onKeyDown}
    />
  );
}

/** A number in a text field with - and + beside it; arrow keys step as well. */
export function Stepper({ value, step = 1, minimum, onCommit, label, ...rest }) {
  const lost = useLost();
  const move = (by) => {
    const next = Number(value) + by;
    if (Number.isFinite(next)) onCommit(String(minimum === undefined ? next : Math.max(minimum, next)));
  };
  const onKeyDown = (event) => {
    const by = { ArrowUp: step, ArrowDown: -step }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(by);
  };
  return (
    <div className="kn-stepper">
      <TextField value={value} onCommit={onCommit} aria-label={label} inputMode="decimal" onKeyDown={onKeyDown} {...rest} />
      <button type="button" tabIndex={-1} disabled={lost} aria-label={`less ${label}`} onClick={() => move(-step)}>−</button>
      <button type="button" tabIndex={-1} disabled={lost} aria-label={`more ${label}`} onClick={() => move(step)}>+</button>
    </div>
  );
}

/** One choice among few, all visible. `options` is a list of values or of [value, text]. */
export function Segments({ options, value, onCommit, label, code, disabled, local }) {
  const lost = useLost() && !local;
  return (
    <div className={classes("kn-segments", code && "kn-code")} role="group" aria-label={label}>
      {options.map(pair).map(([option, text]) => (
        <button
          key={option}
          type="button"
          disabled={disabled || lost}
          aria-pressed={option === value}
          data-local={local}
          onClick={() => option !== value && onCommit(option)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

/** One choice among many. `options` is a list of values or of [value, text]. */
export function Select({ options, value, onCommit, label, code, chip, unset, className, disabled, ...rest }) {
  const lost = useLost();
  const onChange = ({ target }) => {
    const chosen = target.value;
    target.value = value; // Python decides: what it refuses must not stay on screen
    onCommit(chosen);
  };
  return (
    <select
      className={classes(chip ? "kn-chip" : "kn-input", code && "kn-code", unset && "kn-unset", className)}
      aria-label={label}
      value={value}
      disabled={disabled || lost}
      onChange={onChange}
      {...rest}
    >
      {options.map(pair).map(([option, text]) => (
        <option key={option} value={option}>{text}</option>
      ))}
    </select>
  );
}

/** A row of tabs; left and right arrows move between them. */
export function Tabs({ names, current, onChoose, label }) {
  const onKeyDown = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const next = names[(names.indexOf(current) + by + names.length) % names.length];
    onChoose(next);
    event.currentTarget.querySelector(`[data-tab="${next}"]`)?.focus();
  };
  return (
    <div className="kn-tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          data-tab={name}
          aria-selected={name === current}
          tabIndex={name === current ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

const pair = (option) => (Array.isArray(option) ? option : [option, option]);
