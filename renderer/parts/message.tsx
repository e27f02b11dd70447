import type { ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import './message.css';

export interface MessageProps {
  readonly icon?: LucideIcon;
  readonly title: string;
  readonly testId: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly urgent?: boolean;
}

/** A full area that says what is so and what to do: nothing here, cannot be opened, engine gone. */
export function Message({ icon: Icon, title, testId, children, actions, urgent }: MessageProps) {
  return (
    <section className="message" data-testid={testId} role={urgent ? 'alert' : 'status'}>
      {Icon ? <Icon className="message-icon" size={40} strokeWidth={1.2} aria-hidden="true" /> : null}
      <h2>{title}</h2>
      {children ? <div className="message-text">{children}</div> : null}
      {actions ? <div className="message-actions">{actions}</div> : null}
    </section>
  );
}
