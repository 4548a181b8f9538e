/** For Jest: tells of each test when it begins and when it ends, as faults take their time. */
export default class ProgressReporter {
  onTestCaseStart(_, { ancestorTitles, title }) {
    process.stdout.write(`  … ${[...ancestorTitles, title].join(' › ')}\n`);
  }

  onTestCaseResult(_, { fullName, status, duration, failureMessages }) {
    const sign = { passed: '✔', failed: '✘' }[status] ?? '–';
    process.stdout.write(`  ${sign} ${fullName} ${((duration ?? 0) / 1000).toFixed(1)} s\n`);
    for (const message of failureMessages) process.stdout.write(`${message.replace(/^/gm, '      ')}\n`);
  }

  onTestFileResult(_, { testFilePath, testExecError }) {
    if (testExecError) process.stdout.write(`  ✘ ${testFilePath}\n${testExecError.stack ?? testExecError.message}\n`);
  }
}
