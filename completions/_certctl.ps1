
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'certctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'certctl'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'certctl' {
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'A CA certificate elsewhere; `ca.srl` is beside it [default: DIR/ca.pem]')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'The private key of that CA [default: `ca.key` beside the CA certificate]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--out-file', '--out-file', [CompletionResultType]::ParameterName, 'Write the result to a file instead of standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another certctl, in seconds')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented certctl.toml')
            [CompletionResult]::new('gen', 'gen', [CompletionResultType]::ParameterValue, 'Make a CA, a server and a client certificate, as gen.sh does')
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Issue one more identity under the CA')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Issue certificates again over the same CA, as renew.sh does')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page of certctl, or of one command')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version')
            break
        }
        'certctl;init' {
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'A CA certificate elsewhere; `ca.srl` is beside it [default: DIR/ca.pem]')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'The private key of that CA [default: `ca.key` beside the CA certificate]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--out-file', '--out-file', [CompletionResultType]::ParameterName, 'Write the result to a file instead of standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another certctl, in seconds')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'certctl;gen' {
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'The common name of the server [default: the first HOST, else localhost]')
            [CompletionResult]::new('--client-cn', '--client-cn', [CompletionResultType]::ParameterName, 'The common name of the client [default: the common name of the server]')
            [CompletionResult]::new('--subject', '--subject', [CompletionResultType]::ParameterName, 'The whole subject: `/C=US/O=Example/CN=db` or `CN=db,O=Example,C=US`')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'Locality, such as a city')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'Organization')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organization')
            [CompletionResult]::new('--org-unit', '--org-unit', [CompletionResultType]::ParameterName, 'Organizational unit; repeat it for several, all are kept in order')
            [CompletionResult]::new('--organizational-unit', '--organizational-unit', [CompletionResultType]::ParameterName, 'Organizational unit; repeat it for several, all are kept in order')
            [CompletionResult]::new('--ca-cn', '--ca-cn', [CompletionResultType]::ParameterName, 'The common name of the CA [default: the common name of the server and ` CA`]')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'More names of the server: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'How many days the certificates live [default: 3650]')
            [CompletionResult]::new('--ca-days', '--ca-days', [CompletionResultType]::ParameterName, 'How many days the CA lives [default: 36500]')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Kind of key, for the CA and all certificates [default: rsa:2048]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'A CA certificate elsewhere; `ca.srl` is beside it [default: DIR/ca.pem]')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'The private key of that CA [default: `ca.key` beside the CA certificate]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--out-file', '--out-file', [CompletionResultType]::ParameterName, 'Write the result to a file instead of standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another certctl, in seconds')
            [CompletionResult]::new('--replace-ca', '--replace-ca', [CompletionResultType]::ParameterName, 'Make a new CA where there is one; the old set goes to `archive/`')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be made, and make nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'certctl;issue' {
            [CompletionResult]::new('--usage', '--usage', [CompletionResultType]::ParameterName, 'What it is for; a peer is both in one certificate')
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Its common name [default: the first HOST, else NAME]')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'More names: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'How many days it lives [default: 3650]')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Kind of key [default: rsa:2048]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'A CA certificate elsewhere; `ca.srl` is beside it [default: DIR/ca.pem]')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'The private key of that CA [default: `ca.key` beside the CA certificate]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--out-file', '--out-file', [CompletionResultType]::ParameterName, 'Write the result to a file instead of standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another certctl, in seconds')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'certctl;renew' {
            [CompletionResult]::new('--expires-within', '--expires-within', [CompletionResultType]::ParameterName, 'Renew only what ends within this time: 30d, 12h, 2w, 1y, or 33% of its lifetime left')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Kind of the new keys [default: as before]')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Add names to the identity; repeats, takes commas')
            [CompletionResult]::new('--drop-san', '--drop-san', [CompletionResultType]::ParameterName, 'Remove names from the identity; repeats, takes commas')
            [CompletionResult]::new('--usage', '--usage', [CompletionResultType]::ParameterName, 'What the identity is for from now on')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'How many days the new certificates live [default: as long as before]')
            [CompletionResult]::new('--exec', '--exec', [CompletionResultType]::ParameterName, 'Run a command when something was renewed, without a shell; the names are in CERTCTL_RENEWED')
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'The common name of the server [default: the first HOST, else localhost]')
            [CompletionResult]::new('--client-cn', '--client-cn', [CompletionResultType]::ParameterName, 'The common name of the client [default: the common name of the server]')
            [CompletionResult]::new('--subject', '--subject', [CompletionResultType]::ParameterName, 'The whole subject: `/C=US/O=Example/CN=db` or `CN=db,O=Example,C=US`')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'Locality, such as a city')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'Organization')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organization')
            [CompletionResult]::new('--org-unit', '--org-unit', [CompletionResultType]::ParameterName, 'Organizational unit; repeat it for several, all are kept in order')
            [CompletionResult]::new('--organizational-unit', '--organizational-unit', [CompletionResultType]::ParameterName, 'Organizational unit; repeat it for several, all are kept in order')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'A CA certificate elsewhere; `ca.srl` is beside it [default: DIR/ca.pem]')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'The private key of that CA [default: `ca.key` beside the CA certificate]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--out-file', '--out-file', [CompletionResultType]::ParameterName, 'Write the result to a file instead of standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another certctl, in seconds')
            [CompletionResult]::new('--reuse-key', '--reuse-key', [CompletionResultType]::ParameterName, 'Keep the private keys; only the certificates are new')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be renewed, and change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'certctl;completions' {
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'A CA certificate elsewhere; `ca.srl` is beside it [default: DIR/ca.pem]')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'The private key of that CA [default: `ca.key` beside the CA certificate]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--out-file', '--out-file', [CompletionResultType]::ParameterName, 'Write the result to a file instead of standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another certctl, in seconds')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'certctl;man' {
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'A CA certificate elsewhere; `ca.srl` is beside it [default: DIR/ca.pem]')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'The private key of that CA [default: `ca.key` beside the CA certificate]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--out-file', '--out-file', [CompletionResultType]::ParameterName, 'Write the result to a file instead of standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another certctl, in seconds')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'certctl;version' {
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory of the PKI [env: CERTCTL_DIR] [default: .]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'A CA certificate elsewhere; `ca.srl` is beside it [default: DIR/ca.pem]')
            [CompletionResult]::new('--ca-key', '--ca-key', [CompletionResultType]::ParameterName, 'The private key of that CA [default: `ca.key` beside the CA certificate]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result looks [env: CERTCTL_OUTPUT] [default: text]')
            [CompletionResult]::new('--out-file', '--out-file', [CompletionResultType]::ParameterName, 'Write the result to a file instead of standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another certctl, in seconds')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
