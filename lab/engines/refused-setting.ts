/** The error where a host's kernel refuses a setting of the scenario: the user can fix the scenario. */
import { SettingRefused } from '../agent/setting-refused.ts';
import { LabError } from '../errors.ts';

const REASONS: Record<string, string> = {
  ENOENT: 'this kernel has no setting of that name',
  EINVAL: 'the kernel does not take that value',
  ERANGE: 'the kernel does not take that value',
  EPERM: 'a host may not set it here',
  EACCES: 'a host may not set it here',
  EROFS: 'a container may not set it once it runs',
};

/** Any other error is given back as it is. */
export function settingError(error: unknown): unknown {
  if (!(error instanceof SettingRefused)) return error;
  const { host, key, value, errno } = error.data;
  const why = REASONS[errno] ?? `the kernel says ${errno}`;
  const hint =
    errno === 'EROFS'
      ? 'set it for `all` or `default` in place of one card, or run it on the engine netns'
      : `see \`sysctls:\` of ${host}; \`sysctl -a\` at a host lists what there is`;
  return new LabError('scenario', `${host}: the sysctl ${key} cannot be set to ${value}: ${why} (${errno})`, {
    hint,
    cause: error,
  });
}
