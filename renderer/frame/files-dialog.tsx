import { ImageOff, TriangleAlert } from 'lucide-react';
import { folderOf, nameOf } from '../../main/base/index.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { plural, sentenceOf } from '../parts/words.ts';
import { places, selectPhoto, useList } from '../state/list.ts';
import type { PhotoTable } from '../state/photo-table.ts';
import { closeDialog, showLoupe } from '../state/view.ts';
import './dialogs.css';

/** More lines than anybody reads; the rest is told as a number. */
const mostLines = 1000;

interface FileLists {
  /** Table indexes. */
  readonly broken: readonly number[];
  readonly others: readonly number[];
}

export function listFiles(table: PhotoTable): FileLists {
  const broken: number[] = [];
  const others: number[] = [];
  for (let index = 0; index < table.count; index += 1) {
    if (!table.isPhoto(index)) others.push(index);
    else if (table.error[index] !== null && !table.isFolded(index)) broken.push(index);
  }
  return { broken, others };
}

/** Files that are no photos, and photos with something wrong, each with the reason. */
export function FilesDialog() {
  const table = useList((state) => state.table);
  useList((state) => state.version);
  const { broken, others } = listFiles(table);
  return (
    <Dialog title="Files that need a look" testId="files-dialog" wide="wide" onClose={closeDialog} footer={<Button onClick={closeDialog}>Close</Button>}>
      {broken.length + others.length === 0 ? <p>Every file of this folder is a photo and can be shown.</p> : null}
      <FileList title={plural(broken.length, 'photo with a problem', 'photos with a problem')} table={table} indexes={broken} isPhoto />
      <FileList title={plural(others.length, 'file that is no photo', 'files that are no photos')} table={table} indexes={others} isPhoto={false} />
    </Dialog>
  );
}

interface FileListProps {
  readonly title: string;
  readonly table: PhotoTable;
  readonly indexes: readonly number[];
  readonly isPhoto: boolean;
}

function FileList({ title, table, indexes, isPhoto }: FileListProps) {
  if (indexes.length === 0) return null;
  return (
    <section className="file-section">
      <h3>{title}</h3>
      <ul>
        {indexes.slice(0, mostLines).map((index) => (
          <FileLine key={table.id[index]} id={table.id[index]!} name={table.name[index]!} code={table.error[index] ?? 'not-a-photo'} isPhoto={isPhoto} />
        ))}
      </ul>
      {indexes.length > mostLines ? <p className="file-more">and {plural(indexes.length - mostLines, 'more', 'more')}</p> : null}
    </section>
  );
}

function FileLine({ id, name, code, isPhoto }: { readonly id: number; readonly name: string; readonly code: string; readonly isPhoto: boolean }) {
  const canShow = isPhoto && places().positionOf(id) >= 0;
  return (
    <li className="file-line" data-testid={`file-${id}`} data-code={code}>
      {isPhoto ? <TriangleAlert size={15} strokeWidth={1.6} aria-hidden="true" /> : <ImageOff size={15} strokeWidth={1.6} aria-hidden="true" />}
      <div className="file-words selectable">
        <span className="file-name">
          <span>{folderOf(name)}</span>
          {nameOf(name)}
        </span>
        <span className="file-reason">{sentenceOf(code)}</span>
      </div>
      {canShow ? (
        <Button
          look="quiet"
          onClick={() => {
            selectPhoto(id);
            closeDialog();
            showLoupe();
          }}
        >
          Show
        </Button>
      ) : null}
    </li>
  );
}
