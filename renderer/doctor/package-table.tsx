import type { DoctorPackage } from '../../main/contract/index.ts';
import { useDoctor } from '../state/doctor.ts';

const answerWords = { yes: 'Yes', no: 'No', WASM: 'WebAssembly' } as const;
const systems: Readonly<Record<string, string>> = { darwin: 'macOS', linux: 'Linux', win32: 'Windows' };

/** `darwin-arm64` as `macOS arm64`. */
export function writePlatform(platform: string): string {
  const [system = '', processor = ''] = platform.split('-');
  return `${systems[system] ?? system} ${processor}`;
}

/** For which desktops the compiled packages exist; where one does not, why not. */
export function PackageTable() {
  const packages = useDoctor((state) => state.packages);
  if (packages === undefined) return null;
  return (
    <section className="doctor-packages" data-testid="doctor-packages">
      <h3>Compiled packages and desktops</h3>
      {packages === null ? (
        <p className="doctor-words">There is no package-lock.json in this installation, so its packages cannot be looked into. (A checkout of the project has one.)</p>
      ) : (
        <Packages packages={packages} />
      )}
    </section>
  );
}

function Packages({ packages }: { readonly packages: readonly DoctorPackage[] }) {
  const platforms = Object.keys(packages[0]?.platforms ?? {});
  const holes = packages.flatMap((one) => platforms.filter((platform) => one.platforms[platform]?.answer === 'no').map((platform) => ({ one, platform })));
  return (
    <>
      <div className="doctor-scroll">
        <table className="doctor-table">
          <thead>
            <tr>
              <th scope="col">Package</th>
              {platforms.map((platform) => (
                <th key={platform} scope="col">
                  {writePlatform(platform)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {packages.map((one) => (
              <tr key={one.package} data-testid={`doctor-package-${one.package}`}>
                <th scope="row">
                  {one.package} <small>{one.version}</small>
                </th>
                {platforms.map((platform) => (
                  <td key={platform} title={one.platforms[platform]?.why} data-answer={one.platforms[platform]?.answer}>
                    {answerWords[one.platforms[platform]?.answer ?? 'no']}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className="doctor-holes">
        {holes.map(({ one, platform }) => (
          <li key={`${one.package} ${platform}`}>
            {one.package} on {writePlatform(platform)}: {one.platforms[platform]?.why}
          </li>
        ))}
      </ul>
    </>
  );
}
