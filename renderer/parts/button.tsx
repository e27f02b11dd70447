import type { ButtonHTMLAttributes, ReactNode } from 'react';
import './button.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'plain' | 'primary' | 'quiet';
  readonly pressed?: boolean;
  readonly testId?: string;
  readonly children: ReactNode;
}

/** A button. Pressing it with the mouse leaves the keyboard where it is, so that keys go on meaning photos. */
export function Button({ look = 'plain', pressed, testId, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`button button-${look}${pressed ? ' is-pressed' : ''}${className ? ` ${className}` : ''}`}
      aria-pressed={pressed}
      data-testid={testId}
      onMouseDown={(event) => event.preventDefault()}
      {...rest}
    >
      {children}
    </button>
  );
}

/** A tooltip that tells the key too, where there is one. */
export function titleOf(label: string, keys: string | undefined): string {
  return keys ? `${label} (${keys})` : label;
}

/** A button that is only an icon; `label` is its name and its tooltip. */
export function IconButton({ label, keys, className, children, ...rest }: Omit<ButtonProps, 'look'> & { readonly label: string; readonly keys?: string | undefined }) {
  return (
    <Button look="quiet" className={`button-icon${className ? ` ${className}` : ''}`} aria-label={label} title={titleOf(label, keys)} {...rest}>
      {children}
    </Button>
  );
}
