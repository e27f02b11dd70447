/** The import table of ARCHITECTURE.md, enforced. `npm run layers`. */
const layer = (name, from, allowed, extra = {}) => ({
  name,
  severity: 'error',
  comment: `${name} may import only: ${allowed.join(', ') || 'nothing'}`,
  from: { path: from, ...(extra.fromNot ? { pathNot: extra.fromNot } : {}) },
  to: { pathNot: [from, ...allowed], ...(extra.to ?? {}) },
});
const node = '^node:|^(assert|buffer|child_process|crypto|events|fs|http|https|module|net|os|path|process|readline|stream|timers|tls|url|util|worker_threads|zlib|sqlite)(/|$)';
const pkg = (...names) => names.map((n) => `node_modules/${n}(/|$)`);
const zod = pkg('zod');
const base = '^main/base/';
const domain = '^main/domain/';
const contract = '^main/contract/';
const ports = '^main/ports/';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'nothing-imports-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    { name: 'only-electron-shell-says-electron', severity: 'error', from: { pathNot: '^(app/electron|test)/' }, to: { path: '^electron$|node_modules/electron/' } },
    { name: 'deep-feature-import', severity: 'error', from: { path: '^main/features/([^/]+)/' }, to: { path: '^main/features/([^/]+)/', pathNot: ['^main/features/$1/', '^main/features/[^/]+/index\\.ts$'] } },
    { name: 'stages-do-not-know-each-other', severity: 'error', from: { path: '^main/stages/([^/]+)/' }, to: { path: '^main/stages/([^/]+)/', pathNot: ['^main/stages/$1/', '^main/stages/(containers|pixels)/'] } },
    // the command line's `serve` starts the web shell; what else it may import is in its own row below
    { name: 'shells-do-not-know-each-other', severity: 'error', from: { path: '^app/(web|electron|lambda)/' }, to: { path: '^app/(cli|web|electron|lambda)/', pathNot: '^app/$1/' } },
    layer('base', '^main/base/', []),
    layer('domain', '^main/domain/', [base]),
    layer('contract', '^main/contract/', [base, domain, ...zod]),
    layer('ports', '^main/ports/', [base, domain]),
    layer('routing', '^main/routing/', [base, domain, ports]),
    layer('stages', '^main/stages/', [base, domain, ports]),
    layer('catalog', '^main/catalog/', [base, domain, ports]),
    layer('pipeline', '^main/pipeline/', [base, domain, ports, '^main/stages/', '^main/routing/']),
    layer('features', '^main/features/', [base, domain, contract, ports, '^main/catalog/', '^main/pipeline/', '^main/routing/', '^main/stages/containers/']),
    layer('models', '^models/', [base, domain]),
    layer('adapters', '^main/adapters/', [base, domain, ports, '^native/index\\.ts$', '^models/index\\.ts$', node, ...pkg('sharp', 'exifr', 'onnxruntime-node', 'onnxruntime-common', '@aws-sdk', 'openai', 'exiftool-vendored', 'libheif-js')]),
    layer('workers', '^main/workers/', [base, domain, ports, '^main/stages/', '^main/pipeline/', '^main/adapters/', '^models/index\\.ts$', node]),
    layer('engine', '^main/engine\\.ts$', ['^main/', '^native/index\\.ts$', '^models/index\\.ts$', node]),
    layer('renderer', '^renderer/', [base, domain, contract, ...pkg('react', 'react-dom', 'zustand', '@tanstack', 'lucide-react', '@types')]),
    layer('cli', '^app/cli/', ['^main/engine\\.ts$', '^main/adapters/', '^main/workers/', contract, base, domain, ports, node, '^app/(build|web)/']),
    layer('web', '^app/web/', ['^main/engine\\.ts$', '^main/adapters/', '^main/workers/', contract, base, domain, ports, node, ...pkg('ws', '@types')]),
    layer('electron', '^app/electron/', ['^main/engine\\.ts$', '^main/adapters/', '^main/workers/', contract, base, domain, ports, node, '^electron$', ...pkg('electron')]),
    // stages run in it through main/workers; no engine and no catalog
    layer('lambda', '^app/lambda/', ['^main/adapters/', '^main/workers/', base, domain, ports, '^app/build/', node, ...pkg('esbuild')]),
    { name: 'sharp-in-one-folder', severity: 'error', from: { pathNot: '^(main/adapters/sharp|test)/' }, to: { path: 'node_modules/sharp/' } },
    { name: 'exifr-in-one-folder', severity: 'error', from: { pathNot: '^(main/adapters/exifr|test)/' }, to: { path: 'node_modules/exifr/' } },
    { name: 'libraw-in-one-folder', severity: 'error', from: { pathNot: '^(native/libraw|test)/' }, to: { path: 'node_modules/libraw-wasm/' } },
    { name: 'libheif-in-one-folder', severity: 'error', from: { pathNot: '^(main/adapters/heif|test)/' }, to: { path: 'node_modules/libheif-js/' } },
    { name: 'onnxruntime-in-one-folder', severity: 'error', from: { pathNot: '^(main/adapters/onnx|test)/' }, to: { path: 'node_modules/onnxruntime-' } },
    { name: 'aws-sdk-in-one-folder', severity: 'error', from: { pathNot: '^(main/adapters/lambda|test)/' }, to: { path: 'node_modules/@aws-sdk/' } },
    { name: 'openai-in-one-folder', severity: 'error', from: { pathNot: '^(main/adapters/vlm|test)/' }, to: { path: 'node_modules/openai/' } },
    { name: 'sqlite-in-one-folder', severity: 'error', from: { pathNot: '^(main/adapters/sqlite|test)/' }, to: { path: '^(node:)?sqlite$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\.cache)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
