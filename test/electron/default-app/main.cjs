// Stand-in for Electron's own default app: runs `electron [-r FILE] <folder> [arguments]` as the stock one does.
const { app, dialog } = require('electron');
const Module = require('node:module');
const { existsSync, readFileSync, statSync } = require('node:fs');
const path = require('node:path');

const preloads = [];
let target = null;
for (let index = 1; index < process.argv.length && target === null; index += 1) {
  const argument = process.argv[index];
  if (argument === '-r' || argument === '--require') preloads.push(process.argv[++index]);
  else if (!argument.startsWith('-')) target = path.resolve(argument);
}

if (preloads.length > 0) Module._preloadModules(preloads);

if (target === null) {
  dialog.showErrorBox('Electron', 'No application was named.');
  app.exit(1);
} else {
  process.defaultApp = true;
  let main = target;
  if (statSync(target).isDirectory()) {
    const description = path.join(target, 'package.json');
    const facts = existsSync(description) ? JSON.parse(readFileSync(description, 'utf8')) : {};
    if (facts.productName ?? facts.name) app.name = facts.productName ?? facts.name;
    if (facts.version) app.setVersion(facts.version);
    main = path.join(target, facts.main ?? 'index.js');
    app.setAppPath(target);
  } else {
    app.setAppPath(path.dirname(target));
  }
  Module._load(main, Module, true);
}
