import type { Invariant } from './evidence.js';

const mostGrowth = 64;
const mostNewDescriptors = 8;

/** I11: no process met an error that nobody handled, ended by itself, or grew without bounds. */
export const healthyProcesses: Invariant = async ({ processes, usageBefore }) =>
  processes.flatMap((process) => {
    const findings: string[] = [];
    const fatal = process
      .log()
      .find(({ level, message }) => level === 'fatal' || /unhandled rejection|uncaught/i.test(message));
    if (fatal) findings.push(`I11: ${process.name} met ${JSON.stringify(fatal).slice(0, 600)}`);
    const { exit } = process;
    if (exit && exit.signal !== 'SIGKILL' && exit.code !== 0)
      findings.push(`I11: ${process.name} ended with ${exit.signal ?? `code ${exit.code}`}\n${process.lastLines()}`);
    const before = usageBefore?.get(process);
    const now = process.usage();
    if (before && now && now.memory - before.memory > mostGrowth)
      findings.push(`I11: ${process.name} grew by ${Math.round(now.memory - before.memory)} MiB`);
    if (before && now && now.descriptors - before.descriptors > mostNewDescriptors)
      findings.push(`I11: ${process.name} holds ${now.descriptors - before.descriptors} more file descriptors`);
    return findings;
  });
