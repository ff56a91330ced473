/** A host's kernel that does not take a setting of the plan: an error that keeps its facts on its way to who asked. */

/** It has no setting of that name, or refuses the value. */
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
