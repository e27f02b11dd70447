import { useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { X } from 'lucide-react';
import { IconButton } from './button.tsx';
import './dialog.css';

export interface DialogProps {
  readonly title: string;
  readonly testId: string;
  readonly wide?: 'wide' | 'widest';
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  onClose(): void;
  /** Enter, where it is not for a control that has the keyboard. */
  onEnter?(): void;
}

/** A modal dialog on the platform's own `<dialog>`: it holds the keyboard, and Escape closes it. */
export function Dialog({ title, testId, wide, children, footer, onClose, onEnter }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  // closed while it is still in the document, else the browser does not give the keyboard back to where it was
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    // the content has the keyboard, so that arrows scroll it; Tab goes on to the first control
    dialog?.querySelector<HTMLElement>('.dialog-body')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={`dialog${wide ? ` dialog-${wide}` : ''}`}
      aria-label={title}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        const taken = event.target instanceof Element && event.target.closest('button, select') !== null;
        if (event.key === 'Enter' && !event.repeat && !taken) onEnter?.();
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className="dialog-sheet">
        <header className="dialog-head">
          <h2>{title}</h2>
          <IconButton label="Close" testId={`${testId}-close`} onClick={onClose}>
            <X size={16} />
          </IconButton>
        </header>
        <div className="dialog-body" tabIndex={-1}>{children}</div>
        {footer ? <footer className="dialog-foot">{footer}</footer> : null}
      </div>
    </dialog>
  );
}
