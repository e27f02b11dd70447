import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { X } from 'lucide-react';
import { IconButton } from './button.tsx';
import './side-panel.css';

export interface SidePanelProps {
  readonly title: string;
  /** Before the test ids of the panel and its button. */
  readonly name: string;
  onClose(): void;
  readonly children: ReactNode;
}

/** A panel beside the photos, so that what it does is seen on them. Tab goes on to its first control; letters still mean photos. */
export function SidePanel({ title, name, onClose, children }: SidePanelProps) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  return (
    <aside
      ref={panel}
      className="side-panel"
      tabIndex={-1}
      aria-label={title}
      data-testid={`${name}-panel`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className="side-panel-head">
        <h2>{title}</h2>
        <IconButton label="Close" keys="Esc" testId={`${name}-close`} onClick={onClose}>
          <X size={15} strokeWidth={1.7} aria-hidden="true" />
        </IconButton>
      </header>
      {children}
    </aside>
  );
}
