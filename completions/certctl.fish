# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_certctl_global_optspecs
    string join \n d/dir= ca= ca-key= config= o/output= out-file= q/quiet color= lock-timeout= allow-shared-dir h/help V/version
end

function __fish_certctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_certctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_certctl_using_subcommand
    set -l cmd (__fish_certctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c certctl -n "__fish_certctl_needs_command" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_needs_command" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_needs_command" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_needs_command" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_needs_command" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_needs_command" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_needs_command" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_needs_command" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_needs_command" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_needs_command" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_needs_command" -s V -l version -d 'Print version'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "init" -d 'Write a commented certctl.toml'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "gen" -d 'Create a CA, and issue a server and a client certificate, as gen.sh does'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "issue" -d 'Issue one more identity under the CA'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "renew" -d 'Issue certificates again under the same CA, as renew.sh does'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "csr" -d 'Generate a key, and create a CSR for another CA'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "sign" -d 'Sign a CSR'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "status" -d 'Show every identity: names, days left, and its state against the plan'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "list" -d 'Show every identity: names, days left, and its state against the plan'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "ls" -d 'Show every identity: names, days left, and its state against the plan'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "inspect" -d 'Show what is in certificates, keys, bundles and Secrets, and when it expires'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "check" -d 'Check which clients refuse a certificate, and why'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "explain" -d 'Explain a rule of `check`: what it means, how to fix it, and which clients refuse it'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "k8s" -d 'Print Kubernetes manifests: a Secret, or the CA for cert-manager'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "render" -d 'Print the settings of a service or of its clients'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "export" -d 'Copy an identity for a service'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "man" -d 'Print the manual page of certctl, or of one command'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "version" -d 'Print the version'
complete -c certctl -n "__fish_certctl_using_subcommand init" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand init" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand init" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand init" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand init" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand init" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l cn -d 'Common name of the server [default: the first HOST, else localhost]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l client-cn -d 'Common name of the client [default: the common name of the server]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l subject -d 'Whole subject: `/C=US/O=Example/CN=db` or `CN=db,O=Example,C=US`' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l country -d 'Country, two letters' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l state -d 'State or province' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l locality -d 'Locality, such as a city' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l organization -l org -d 'Organization' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l org-unit -l organizational-unit -d 'Organizational unit; repeats, in order' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l ca-cn -d 'Common name of the CA [default: the common name of the server and ` CA`]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l san -d 'More SANs of the server: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l days -d 'Validity in days [default: 3650]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l ca-days -d 'Validity of the CA in days [default: 36500]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l key-type -d 'Key type of the CA and of all certificates [default: rsa:2048]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand gen" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l replace-ca -d 'Replace the CA; the old files go to `archive/`'
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l dry-run -d 'Show what would be issued, and write nothing'
complete -c certctl -n "__fish_certctl_using_subcommand gen" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand gen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l usage -d 'Usage; a peer is both server and client' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l cn -d 'Common name [default: the first HOST, else NAME]' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l san -d 'More SANs: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l key-type -d 'Key type [default: rsa:2048]' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l days -d 'Validity in days [default: 3650]' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand issue" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand issue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l expires-within -d 'Renew only what expires within this time: 30d, 12h, 2w, 1y, or 1/3 of its lifetime left' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l key-type -d 'Key type of the new keys [default: as before]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l san -d 'Add SANs to the identity; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l drop-san -d 'Remove SANs from the identity; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l usage -d 'New usage of the identity' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l days -d 'Validity of the new certificates in days [default: as before]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l exec -d 'Run a command after a renewal, without a shell; CERTCTL_RENEWED has the names' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l served -d 'Server that must serve the new certificate after the command; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l served-timeout -d 'Timeout for the servers, in seconds [default: 30]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l starttls -d 'Start TLS in this protocol of the servers' -r -f -a "mysql\t''
postgres\t''
smtp\t''"
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l client-cn -d 'Common name of the client [default: the common name of the server]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l subject -d 'Whole subject: `/C=US/O=Example/CN=db` or `CN=db,O=Example,C=US`' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l country -d 'Country, two letters' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l state -d 'State or province' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l locality -d 'Locality, such as a city' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l organization -l org -d 'Organization' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l org-unit -l organizational-unit -d 'Organizational unit; repeats, in order' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l cn -d 'Common name of the server [default: localhost]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand renew" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l reuse-key -d 'Keep the private keys; issue only new certificates'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l dry-run -d 'Show what would be renewed, and write nothing'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l rollback -d 'Restore the old certificate and key if a server does not serve the new certificate, and run the command again'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l usage -d 'Usage; a peer is both server and client' -r
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l cn -d 'Common name [default: the first HOST, else NAME]' -r
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l san -d 'More SANs: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l key-type -d 'Key type [default: rsa:2048]' -r
complete -c certctl -n "__fish_certctl_using_subcommand csr" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand csr" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand csr" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand csr" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l usage -d 'Usage of the certificate; a peer is both server and client' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l cn -d 'Common name [default: the first `--san`]' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l san -d 'SANs to approve: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l days -d 'Validity in days [default: 825]' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l name -d 'Base name of the certificate file, NAME.pem [default: as FILE]' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand sign" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l accept-names -d 'Approve the subject and all names of the CSR'
complete -c certctl -n "__fish_certctl_using_subcommand sign" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand status" -l expires-within -d 'Report as due what expires within this time: 30d, 12h, 2w, 1y, or 33% of its lifetime left' -r
complete -c certctl -n "__fish_certctl_using_subcommand status" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand status" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand status" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand status" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand status" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand status" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand status" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand status" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand status" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand status" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand list" -l expires-within -d 'Report as due what expires within this time: 30d, 12h, 2w, 1y, or 33% of its lifetime left' -r
complete -c certctl -n "__fish_certctl_using_subcommand list" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand list" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand list" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand list" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand list" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand list" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand list" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand list" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand list" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand list" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l expires-within -d 'Report as due what expires within this time: 30d, 12h, 2w, 1y, or 33% of its lifetime left' -r
complete -c certctl -n "__fish_certctl_using_subcommand ls" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand ls" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand ls" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l expires-within -d 'Exit with 3 if a certificate expires within this time (30d, 12h, 2w, 1y, 1/3), with 4 if one has expired' -r
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l password-file -d 'File whose first line is the password of PKCS#12 files' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l connect -d 'Probe a TLS server, within 5 seconds; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l starttls -d 'Start TLS in this protocol of the servers' -r -f -a "mysql\t''
postgres\t''
smtp\t''"
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l host -d 'Name to send to the server (SNI) [default: the host of --connect]' -r
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -s r -l recursive -d 'Read subdirectories, too; skip `archive/`'
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand check" -l untrusted -d 'Certificates to build paths with, not trusted; repeats' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l key -d 'Private key that must belong to the certificate [default: NAME.key beside NAME.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l host -d 'Host name or address to which clients connect, the SNI of --connect; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l email -d 'Email address that the certificate must contain; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l usage -d 'Usage to check [default: from the plan, the file name, or the extendedKeyUsage]' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l at -d 'Check at this time: RFC 3339, such as 2027-01-31T12:00:00Z [default: now]' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l expires-within -d 'Exit with 3 if a certificate expires within this time: 30d, 12h, 2w, 1y, or 1/3' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l crl -d 'CRLs: each issuer in the path must have one; repeats' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l max-depth -d 'Most intermediate certificates that a path may have' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l allow-subject -d 'Check which clients Redis Enterprise admits: one subject a line (`CN=a,OU=x,O=y`)' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l client -d 'Report only what these clients refuse: openssl, gnutls, nss, go, java, python, pyca, node, curl, rustls, boringssl, apple; repeats, or with commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l password-file -d 'File whose first line is the password of PKCS#12 files' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l connect -d 'Probe a TLS server, within 5 seconds; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l starttls -d 'Start TLS in this protocol of the servers' -r -f -a "mysql\t''
postgres\t''
smtp\t''"
complete -c certctl -n "__fish_certctl_using_subcommand check" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand check" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand check" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand check" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -s r -l recursive -d 'Read subdirectories, too; skip `archive/`'
complete -c certctl -n "__fish_certctl_using_subcommand check" -l strict -d 'Treat warnings as errors'
complete -c certctl -n "__fish_certctl_using_subcommand check" -s v -l verbose -d 'Show every aspect that was checked, not only the findings'
complete -c certctl -n "__fish_certctl_using_subcommand check" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand check" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand explain" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand explain" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand explain" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand explain" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand explain" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand explain" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand explain" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand explain" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand explain" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand explain" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -f -a "secret" -d 'Print a Secret with the files of an identity, as `kubectl create secret` does'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -f -a "issuer" -d 'Print the CA as a Secret, a cert-manager Issuer, and a Certificate for each identity'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l name -d 'Name of the Secret; with --all the prefix before each identity [default: certs]' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -s n -l namespace -d 'Namespace of the Secret [default: that of kubectl]' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l type -d 'Names of its keys: `generic` NAME.pem, NAME.key, ca.pem; `tls` tls.crt, tls.key, ca.crt' -r -f -a "generic\t'The files under their own names (`Opaque`)'
tls\t'What Ingress and cert-manager read (`kubernetes.io/tls`)'"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l file -d 'File to store instead, under its own name or as KEY; repeats' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l label -d 'Label; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l annotation -d 'Annotation; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l all -d 'Print a Secret for each identity: of the plan, or else of the directory'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l name -d 'Name of the issuer, and of the Secret with the CA' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -s n -l namespace -d 'Namespace; with --cluster that of the CA\'s Secret [default: kubectl\'s; with --cluster cert-manager]' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l cluster -d 'Print a ClusterIssuer, for all namespaces'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "milvus" -d 'Print settings of Milvus'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "qdrant" -d 'Print settings of Qdrant'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "redis" -d 'Print settings of Redis, Redis Cluster or Redis Enterprise'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "renewal" -d 'Print a systemd timer, or a crontab line, that renews in time'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "pymilvus" -d 'Print a Milvus client in Python'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "qdrant-client" -d 'Print a Qdrant client in Python'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "redis-py" -d 'Print a Redis client in Python'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "redis-cli" -d 'Print a redis-cli command'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "curl" -d 'Print a curl command for a service with HTTPS'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "openssl" -d 'Print an openssl command that shows the TLS handshake of a service'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l client -d 'Identity of a client, which --mutual checks' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l super-user -d 'User who may reset passwords without the old one (superUsers); repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l http-port -d 'Port of the REST interface, which cannot be that of gRPC' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l release -d 'Name of the release (operator and helm)' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l secret -d 'Secret with the certificates (operator and helm)' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l identity -d 'Identity of the service' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l mount -d 'Directory of the certificates as the service sees it' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l out-dir -d 'Write a directory to mount, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l mutual -d 'Ask clients for a certificate (tlsMode 2)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l internal -d 'TLS between the components of Milvus as well (since Milvus 2.5)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l auth -d 'Ask for user and password (authorizationEnabled)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l client -d 'Identity of a client, which --mutual checks' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l replicas -d 'Number of cluster nodes: the certificate must contain the name of each' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l release -d 'Name of the release, with which the names of the nodes begin' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l audit-dir -d 'Directory of the audit log' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l audit-rotation -d 'Rotation of the audit log' -r -f -a "daily\t''
hourly\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l audit-files -d 'Number of audit log files to keep' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l bind -d 'Address to listen on, or with compose to publish the ports on [default: all; compose: 127.0.0.1]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l cert-ttl -d 'Interval at which Qdrant reads renewed certificates, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l secret -d 'Secret with the certificates (helm); that with the API keys is RELEASE-api-keys' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l identity -d 'Identity of the service' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l mount -d 'Directory of the certificates as the service sees it' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l out-dir -d 'Write a directory to mount, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l mutual -d 'Ask clients for a certificate (verify_https_client_certificate)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l p2p -d 'TLS between the nodes of a cluster as well'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l api-key -d 'Ask for an API key, taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l read-only-api-key -d 'Ask for a second API key that may only read, taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l alt-api-key -d 'Accept the next API key, too, while keys are changed, taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l jwt-rbac -d 'Accept tokens for single collections (JWT), signed with the API key'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l audit -d 'Keep an audit log'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l audit-forwarded -d 'Log the client\'s address from X-Forwarded-For: behind a proxy only'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l client -d 'Identity of a client, which --mutual checks; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l dial -d 'Client identity of replication and the cluster bus [default: that of the server]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l announce -d 'Host name of this node, which redirects name instead of its address (cluster)' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l port -d 'TLS port [default: 6379]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l validate -d 'Validation of client certificates beyond the path (rest) [default: none]' -r -f -a "none\t'Every client that has a valid certificate'
cn\t'By common name, which Redis Enterprise calls "By Subject Alternative Name"'
subject\t'By the full subject'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l syncer -d 'Syncer certificate of a cluster that replicates this database, or its CA; repeats (rest)' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l database -d 'Number of the database (rest) [default: 1]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l identity -d 'Identity of the service' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l mount -d 'Directory of the certificates as the service sees it' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l out-dir -d 'Write a directory to mount, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l mutual -d 'Ask clients for a certificate'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l replication -d 'Replication over TLS (conf; a cluster always has it): the certificate is a client\'s, too'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l replica-only -d 'TLS only between databases, not for clients: tls_mode replica_ssl (rest)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l allow-outdated -d 'Accept expired client certificates: mtls_allow_outdated_certs (rest)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l expires-within -d 'Renew what expires within this time: 30d, 12h, 2w, 1y, or a share of the lifetime' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l exec -d 'Run a command after a renewal, without a shell; CERTCTL_RENEWED has the names' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l served -d 'Server that must serve the new certificate after the command; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l served-timeout -d 'Timeout for the servers, in seconds [default: 30]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l starttls -d 'Start TLS in this protocol of the servers' -r -f -a "mysql\t''
postgres\t''
smtp\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l out-dir -d 'Write the files to a directory instead of printing them' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l rollback -d 'Restore the old certificate and key if a server does not serve the new certificate, and run the command again'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l client -d 'Identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l identity -d 'Identity of the server, whose SANs must match the host' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l host -d 'Host to which the client connects [default: the CN of the server\'s certificate, or its first SAN]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l port -d 'Port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l service -d 'Service to connect to (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l path -d 'Path of the GET request (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l mount -d 'Directory of the certificates as the client sees it [default: where they are]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l out-dir -d 'Write a directory for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l mutual -d 'Send a client certificate to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l client -d 'Identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l identity -d 'Identity of the server, whose SANs must match the host' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l host -d 'Host to which the client connects [default: the CN of the server\'s certificate, or its first SAN]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l port -d 'Port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l service -d 'Service to connect to (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l path -d 'Path of the GET request (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l mount -d 'Directory of the certificates as the client sees it [default: where they are]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l out-dir -d 'Write a directory for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l mutual -d 'Send a client certificate to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l client -d 'Identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l identity -d 'Identity of the server, whose SANs must match the host' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l host -d 'Host to which the client connects [default: the CN of the server\'s certificate, or its first SAN]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l port -d 'Port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l service -d 'Service to connect to (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l path -d 'Path of the GET request (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l mount -d 'Directory of the certificates as the client sees it [default: where they are]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l out-dir -d 'Write a directory for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l mutual -d 'Send a client certificate to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l client -d 'Identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l identity -d 'Identity of the server, whose SANs must match the host' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l host -d 'Host to which the client connects [default: the CN of the server\'s certificate, or its first SAN]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l port -d 'Port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l service -d 'Service to connect to (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l path -d 'Path of the GET request (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l mount -d 'Directory of the certificates as the client sees it [default: where they are]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l out-dir -d 'Write a directory for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l mutual -d 'Send a client certificate to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l client -d 'Identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l identity -d 'Identity of the server, whose SANs must match the host' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l host -d 'Host to which the client connects [default: the CN of the server\'s certificate, or its first SAN]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l port -d 'Port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l service -d 'Service to connect to (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l path -d 'Path of the GET request (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l mount -d 'Directory of the certificates as the client sees it [default: where they are]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l out-dir -d 'Write a directory for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l mutual -d 'Send a client certificate to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l client -d 'Identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l identity -d 'Identity of the server, whose SANs must match the host' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l host -d 'Host to which the client connects [default: the CN of the server\'s certificate, or its first SAN]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l port -d 'Port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l service -d 'Service to connect to (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l path -d 'Path of the GET request (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l mount -d 'Directory of the certificates as the client sees it [default: where they are]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l out-dir -d 'Write a directory for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l mutual -d 'Send a client certificate to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand export" -l to -d 'Copy NAME.pem, NAME.key and ca.pem into this directory' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand export" -l group -d 'Group that may read the key, by name or number [default: that of the old file, or your own]' -r
complete -c certctl -n "__fish_certctl_using_subcommand export" -l mode -d 'Mode of the key, octal: 0600, 0640, 0400 or 0440 [default: that of the old file, or 0600; with --group 0640]' -r
complete -c certctl -n "__fish_certctl_using_subcommand export" -l p12 -d 'Write a PKCS#12 file with the key, the certificate and its chain' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -l password-file -d 'File whose first line is the password of the PKCS#12 file [default: ask]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand export" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand export" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand export" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand export" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand export" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand man" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand man" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand man" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand man" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand man" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand man" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand version" -s d -l dir -d 'Directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand version" -l ca -d 'CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -l ca-key -d 'Private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -l config -d 'Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -s o -l output -d 'Output format [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'
sarif\t'SARIF 2.1.0, as code scanning reads it (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand version" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -l color -d 'Coloured output' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand version" -l lock-timeout -d 'Lock timeout in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand version" -s q -l quiet -d 'Print only errors'
complete -c certctl -n "__fish_certctl_using_subcommand version" -l allow-shared-dir -d 'Write even if other users can change the directory, or one above it'
complete -c certctl -n "__fish_certctl_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
