/** The `parjanya` command. See docs/cli.md. */
import { CodedFailure } from '../../main/base/index.ts';
import { startFolder } from '../build/start-folder.ts';
import { watchInterrupts } from './interrupt.ts';
import { UsageError, parseCommand } from './arguments.ts';
import type { Command } from './arguments.ts';
import { failed, wrongUsage } from './outcome.ts';
import { createTerminal, describeError } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { describeUsage, usages } from './usage.ts';

/** Loads only what the command needs. */
async function run(command: Command, terminal: Terminal): Promise<number> {
  switch (command.name) {
    case 'help':
      await terminal.print(`${describeUsage(command.of)}\n`);
      return 0;
    case 'version':
      await terminal.print(`${await (await import('./version.ts')).readVersion()}\n`);
      return 0;
    case 'cull':
      return (await import('./commands/cull.ts')).runCull(command, terminal);
    case 'groups':
      return (await import('./commands/groups.ts')).runGroups(command, terminal);
    case 'preview':
      return (await import('./commands/preview.ts')).runPreview(command, terminal);
    case 'export':
      return (await import('./commands/export.ts')).runExport(command, terminal);
    case 'mark':
      return (await import('./commands/mark.ts')).runMark(command, terminal);
    case 'models':
      return (await import('./commands/models.ts')).runModels(command, terminal);
    case 'doctor':
      return (await import('./commands/doctor.ts')).runDoctor(command, terminal);
    case 'describe':
      return (await import('./commands/describe.ts')).runDescribe(command, terminal);
    case 'endpoint':
      return (await import('./commands/endpoint.ts')).runEndpoint(command, terminal);
    case 'learn':
      return (await import('./commands/learn.ts')).runLearn(command, terminal);
    case 'serve':
      return (await import('./commands/serve.ts')).runServe(command, terminal);
  }
}

async function main(): Promise<number> {
  const interrupt = watchInterrupts();
  let command: Command;
  try {
    command = parseCommand(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n${error.of ? `Usage: ${usages[error.of].line}` : describeUsage(null)}\n`);
    return wrongUsage;
  }
  const progress = 'progress' in command && command.progress ? 'forced' : 'auto';
  const terminal = createTerminal(process, { folder: startFolder('parjanya'), signal: interrupt.signal, progress });
  let status: number;
  try {
    status = await run(command, terminal);
  } catch (error) {
    if (!(error instanceof CodedFailure)) throw error;
    terminal.tell(describeError(error.error));
    status = failed;
  }
  // the page's server is ended by Ctrl+C; that is how it ends well
  return command.name === 'serve' ? status : (interrupt.exitCode() ?? status);
}

// no process.exit: what is still on its way to a pipe would be lost
process.exitCode = await main();
