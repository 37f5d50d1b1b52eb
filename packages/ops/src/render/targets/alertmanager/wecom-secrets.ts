import { type Language, say, type Text } from '@maque/kit';
import { headOf } from '../../file-head.ts';

/** Mode 0600, root's: systemd reads it before it gives up its rights. Nobody else can. */
export const SECRETS_FILE = '/etc/prometheus/wecom.env';

/** What it must hold, each on a line `NAME=value`. */
export const SECRET_NAMES = ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET', 'WECOM_TO_USER'] as const;

const WHAT: Text = {
  en: 'Fills the secrets into the configuration, into a folder in memory that only this service reads.',
  zh: '把密钥填入配置，写到只有本服务能读的内存目录。',
};
const PLAIN: Text = {
  en: 'Letters, digits and | @ _ - . only: nothing that would mean something in YAML',
  zh: '只允许字母、数字与 | @ _ - .，避免在 YAML 里产生其他含义',
};

/** A script for every shell: no value is ever an argument, for those can be seen by everybody. */
export function fillScript(language: Language): string {
  return `#!/bin/sh
${headOf('alertmanager', language)}
# ${say(WHAT, language)}
set -eu
umask 077
for name in ${SECRET_NAMES.join(' ')}; do
    eval "value=\\\${$name:-}"
    # ${say(PLAIN, language)}
    case $value in
    '' | *[!A-Za-z0-9_.@\\|-]*)
        echo "$name: ${SECRETS_FILE}" >&2
        exit 78
        ;;
    esac
done
awk '{
    while (match($0, /@WECOM_[A-Z_]+@/)) {
        name = substr($0, RSTART + 1, RLENGTH - 2)
        printf "%s%s", substr($0, 1, RSTART - 1), ENVIRON[name]
        $0 = substr($0, RSTART + RLENGTH)
    }
    print
}' "$1" >"$2"
`;
}
