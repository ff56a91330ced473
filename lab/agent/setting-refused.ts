/** The error of a host's kernel that refuses a setting of the plan. It keeps its facts on its way to the caller. */

/** The kernel has no setting of that name, or refuses the value. */
export interface RefusedSetting {
  host: string;
  key: string;
  value: string;
  /** The kernel's reason: `ENOENT`, `EINVAL`, `EROFS`… */
  errno: string;
}

export class SettingRefused extends Error {
  override readonly name = 'SettingRefused';
  readonly data: RefusedSetting;
  constructor(data: RefusedSetting) {
    super(`${data.host}: sysctl ${data.key}=${data.value}: ${data.errno}`);
    this.data = data;
  }
}
