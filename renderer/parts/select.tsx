import { useRef } from 'react';
import { ChevronDown } from 'lucide-react';
import './select.css';

export interface SelectOption<T extends string> {
  readonly value: T;
  readonly text: string;
}

export interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  readonly testId: string;
  readonly disabled?: boolean;
  onChoose(value: T): void;
}

/** The platform's own choice list. Choosing with the mouse gives the keyboard back to the photos; with keys it stays here. */
export function Select<T extends string>({ label, value, options, testId, disabled, onChoose }: SelectProps<T>) {
  const byMouse = useRef(false);
  return (
    <span className="select">
      <select
        aria-label={label}
        title={label}
        data-testid={testId}
        value={value}
        disabled={disabled}
        onPointerDown={() => (byMouse.current = true)}
        onKeyDown={() => (byMouse.current = false)}
        onChange={(event) => {
          onChoose(event.currentTarget.value as T);
          if (byMouse.current) event.currentTarget.blur();
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      <ChevronDown size={13} strokeWidth={1.8} aria-hidden="true" />
    </span>
  );
}
