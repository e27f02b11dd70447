import { FilterX, ImageOff, Images } from 'lucide-react';
import { FilterBar } from '../filter/filter-bar.tsx';
import { Grid } from '../grid/grid.tsx';
import { GroupsPanel } from '../groups/panel.tsx';
import { JobBar } from '../jobs/job-bar.tsx';
import { Loupe } from '../loupe/loupe.tsx';
import { Button } from '../parts/button.tsx';
import { Message } from '../parts/message.tsx';
import { plural } from '../parts/words.ts';
import { Reasons } from '../reasons/reasons.tsx';
import { useJobs } from '../state/jobs.ts';
import { clearFilter, useList, useSelection } from '../state/list.ts';
import { openShoot, useShoot } from '../state/shoot.ts';
import { openDialog, useView } from '../state/view.ts';
import { WeightsPanel } from '../weights/panel.tsx';
import { Toolbar } from './toolbar.tsx';

/** An open shoot: tools above, photos in the middle, facts beside them, running work below. */
export function Workplace() {
  const mode = useView((view) => view.mode);
  const infoOpen = useView((view) => view.infoOpen);
  const filterOpen = useView((view) => view.filterOpen);
  const groupsOpen = useView((view) => view.groupsOpen);
  const weightsOpen = useView((view) => view.weightsOpen);
  const shown = useList((state) => state.list.order.length);
  const focus = useSelection((selection) => selection.focus);
  return (
    <>
      <Toolbar />
      {filterOpen && mode === 'grid' ? <FilterBar /> : null}
      <main className={`work${infoOpen && focus !== null ? ' with-info' : ''}${groupsOpen || weightsOpen ? ' with-side' : ''}`}>
        {groupsOpen ? <GroupsPanel /> : weightsOpen ? <WeightsPanel /> : null}
        <div className="work-photos">{shown === 0 ? <NothingShown /> : mode === 'grid' ? <Grid /> : <Loupe />}</div>
        {infoOpen && focus !== null ? <Reasons id={focus} /> : null}
      </main>
      <JobBar />
    </>
  );
}

/** Why there is no photo to see, and what can be done about it. */
function NothingShown() {
  const counts = useList((state) => state.list.counts);
  const listing = useShoot((state) => state.listing);
  const grant = useShoot((state) => state.grant);
  const searching = useJobs((state) => state.jobs.some((job) => job.kind === 'scan' && job.state === 'running'));
  if (counts.photos > 0)
    return (
      <Message
        testId="nothing-matches"
        icon={FilterX}
        title="No photo matches the filter"
        actions={
          <Button look="primary" testId="nothing-matches-clear" onClick={clearFilter}>
            Show all {plural(counts.photos, 'photo', 'photos')}
          </Button>
        }
      />
    );
  if (listing || searching) return <Message testId="searching" icon={Images} title="Looking for photos…" />;
  return (
    <Message
      testId="no-photos"
      icon={ImageOff}
      title="There are no photos in this folder"
      actions={
        <>
          {grant === null ? null : (
            <Button look="primary" testId="look-again" onClick={() => void openShoot(grant)}>
              Look again
            </Button>
          )}
          {counts.notPhotos > 0 ? (
            <Button testId="show-files" onClick={() => openDialog('files')}>
              See what is there
            </Button>
          ) : null}
        </>
      }
    >
      {counts.notPhotos > 0 ? `It has ${plural(counts.notPhotos, 'file that is no photo', 'files that are no photos')}.` : null}
    </Message>
  );
}
