import { list, newMigration, Refused } from './generator.mjs';

const usage = 'npm run migration:new -- <context|platform> <name>, for example: -- tasks add-estimate';

try {
  const [place, name, ...more] = process.argv.slice(2);
  if (!name || more.length > 0) throw new Refused(`Say where it belongs and what it does: ${usage}`);
  const { file, className } = await newMigration(process.cwd(), place, name);
  process.stdout.write(`created: ${file}\nlisted:  ${className} in ${list}\n`);
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
