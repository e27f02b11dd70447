import { TriangleAlert, X } from 'lucide-react';
import { dismissNotice, useNotices } from '../state/notices.ts';
import { Button, IconButton } from './button.tsx';
import './toasts.css';

/** Short notices at the bottom, and the live region that speaks marks and ended jobs. */
export function Toasts() {
  const notices = useNotices((state) => state.notices);
  const announcement = useNotices((state) => state.announcement);
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite" data-testid="announcement">
        {announcement}
      </div>
      <div className="toasts" data-testid="toasts">
        {notices.map((notice) => (
          <div key={notice.id} className="toast" role={notice.kind === 'error' ? 'alert' : undefined}>
            {notice.kind === 'error' ? <TriangleAlert size={16} aria-hidden="true" /> : null}
            <span>{notice.text}</span>
            {notice.action ? (
              <Button
                look="quiet"
                className="toast-action"
                testId="toast-action"
                onClick={() => {
                  dismissNotice(notice.id);
                  notice.action?.run();
                }}
              >
                {notice.action.label}
              </Button>
            ) : null}
            {notice.kind === 'error' ? (
              <IconButton label="Dismiss" onClick={() => dismissNotice(notice.id)}>
                <X size={14} />
              </IconButton>
            ) : null}
          </div>
        ))}
      </div>
    </>
  );
}
