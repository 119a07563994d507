interface Props<Value extends string> {
  name: string;
  label: string;
  value: Value;
  options: [Value, string][];
  onChange: (value: Value) => void;
}

/** One of a few values, all of them in sight. */
export function Choice<Value extends string>({
  name,
  label,
  value,
  options,
  onChange,
}: Props<Value>) {
  return (
    <fieldset class="aw-choice">
      <legend>{label}</legend>
      <div class="aw-tabs">
        {options.map(([option, text]) => (
          <label key={option}>
            <input
              type="radio"
              name={name}
              value={option}
              checked={option === value}
              onChange={() => onChange(option)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
