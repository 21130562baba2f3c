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

complete -c certctl -n "__fish_certctl_needs_command" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_needs_command" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_needs_command" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_needs_command" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_needs_command" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_needs_command" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_needs_command" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_needs_command" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_needs_command" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_needs_command" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_needs_command" -s V -l version -d 'Print version'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "init" -d 'Write a commented certctl.toml'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "gen" -d 'Make a CA, a server and a client certificate, as gen.sh does'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "issue" -d 'Issue one more identity under the CA'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "renew" -d 'Issue certificates again over the same CA, as renew.sh does'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "csr" -d 'Make a key and a request for another CA'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "sign" -d 'Sign a request that came from elsewhere'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "status" -d 'Show every identity: names, days left, and its state against the plan'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "list" -d 'Show every identity: names, days left, and its state against the plan'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "ls" -d 'Show every identity: names, days left, and its state against the plan'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "inspect" -d 'Show what is in certificates, keys, bundles and Secrets, and when it ends'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "check" -d 'Judge certificates: who would refuse them, and why'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "k8s" -d 'Print Kubernetes manifests: a Secret, or the CA for cert-manager'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "render" -d 'Print the settings of a service or of its clients'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "export" -d 'Copy an identity to where its service reads it'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "man" -d 'Print the manual page of certctl, or of one command'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "version" -d 'Print the version'
complete -c certctl -n "__fish_certctl_using_subcommand init" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand init" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand init" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand init" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand init" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand init" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l cn -d 'The common name of the server [default: the first HOST, else localhost]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l client-cn -d 'The common name of the client [default: the common name of the server]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l subject -d 'The whole subject: `/C=US/O=Example/CN=db` or `CN=db,O=Example,C=US`' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l country -d 'Country, two letters' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l state -d 'State or province' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l locality -d 'Locality, such as a city' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l organization -l org -d 'Organization' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l org-unit -l organizational-unit -d 'Organizational unit; repeat it for several, all are kept in order' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l ca-cn -d 'The common name of the CA [default: the common name of the server and ` CA`]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l san -d 'More names of the server: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l days -d 'How many days the certificates live [default: 3650]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l ca-days -d 'How many days the CA lives [default: 36500]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l key-type -d 'Kind of key, for the CA and all certificates [default: rsa:2048]' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand gen" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l replace-ca -d 'Make a new CA where there is one; the old set goes to `archive/`'
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l dry-run -d 'Show what would be made, and make nothing'
complete -c certctl -n "__fish_certctl_using_subcommand gen" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand gen" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand gen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l usage -d 'What it is for; a peer is both in one certificate' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l cn -d 'Its common name [default: the first HOST, else NAME]' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l san -d 'More names: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l key-type -d 'Kind of key [default: rsa:2048]' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l days -d 'How many days it lives [default: 3650]' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand issue" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand issue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l expires-within -d 'Renew only what ends within this time: 30d, 12h, 2w, 1y, or 1/3 of its lifetime left' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l key-type -d 'Kind of the new keys [default: as before]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l san -d 'Add names to the identity; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l drop-san -d 'Remove names from the identity; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l usage -d 'What the identity is for from now on' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l days -d 'How many days the new certificates live [default: as long as before]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l exec -d 'Run a command when something was renewed, without a shell; the names are in CERTCTL_RENEWED' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l served -d 'A server that must serve the new certificate after the command; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l served-timeout -d 'How long the servers have for that, in seconds [default: 30]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l starttls -d 'Ask for TLS in the protocol of the servers first' -r -f -a "postgres\t''
smtp\t''"
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l client-cn -d 'The common name of the client [default: the common name of the server]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l subject -d 'The whole subject: `/C=US/O=Example/CN=db` or `CN=db,O=Example,C=US`' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l country -d 'Country, two letters' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l state -d 'State or province' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l locality -d 'Locality, such as a city' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l organization -l org -d 'Organization' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l org-unit -l organizational-unit -d 'Organizational unit; repeat it for several, all are kept in order' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l cn -d 'The common name of the server [default: localhost]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand renew" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l reuse-key -d 'Keep the private keys; only the certificates are new'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l dry-run -d 'Show what would be renewed, and change nothing'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l rollback -d 'Restore the old certificate and key if a server does not serve the new certificate, and run the command again'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l usage -d 'What it is for; a peer is both in one certificate' -r
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l cn -d 'Its common name [default: the first HOST, else NAME]' -r
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l san -d 'More names: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l key-type -d 'Kind of key [default: rsa:2048]' -r
complete -c certctl -n "__fish_certctl_using_subcommand csr" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand csr" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand csr" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand csr" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l usage -d 'What the certificate is for, whatever the request asks; a peer is both in one certificate' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l cn -d 'Its common name [default: the first `--san`]' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l san -d 'Names that you vouch for: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l days -d 'How many days it lives [default: 825]' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l name -d 'What the certificate is called: NAME.pem [default: as FILE]' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand sign" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l accept-names -d 'Take the subject and every name of the request as they are'
complete -c certctl -n "__fish_certctl_using_subcommand sign" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand sign" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand status" -l expires-within -d 'Report as due what expires within this time: 30d, 12h, 2w, 1y, or 33% of its lifetime left' -r
complete -c certctl -n "__fish_certctl_using_subcommand status" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand status" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand status" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand status" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand status" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand status" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand status" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand status" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand status" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand status" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand list" -l expires-within -d 'Report as due what expires within this time: 30d, 12h, 2w, 1y, or 33% of its lifetime left' -r
complete -c certctl -n "__fish_certctl_using_subcommand list" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand list" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand list" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand list" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand list" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand list" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand list" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand list" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand list" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand list" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l expires-within -d 'Report as due what expires within this time: 30d, 12h, 2w, 1y, or 33% of its lifetime left' -r
complete -c certctl -n "__fish_certctl_using_subcommand ls" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand ls" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand ls" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand ls" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l expires-within -d 'Exit with 3 if a certificate ends within this time (30d, 12h, 2w, 1y, 1/3), with 4 if one has' -r
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l password-file -d 'The first line of this file opens PKCS#12 files' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l connect -d 'Look at what a server serves, within 5 seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l starttls -d 'Ask for TLS in the server\'s own protocol first' -r -f -a "postgres\t''
smtp\t''"
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -s r -l recursive -d 'Go into directories below, too; `archive/` is passed over'
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand check" -l untrusted -d 'Certificates that may help to build a chain, and are not trusted; repeats' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l key -d 'The private key that ought to belong to the certificate [default: NAME.key beside NAME.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l host -d 'The host name or address that clients will ask for; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l email -d 'The mailbox that the certificate ought to vouch for; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l usage -d 'What it is for [default: from the plan, the file\'s name, or its own extendedKeyUsage]' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l at -d 'Judge another moment than now: RFC 3339, such as 2027-01-31T12:00:00Z' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l expires-within -d 'Exit with 3 if a certificate ends within this time: 30d, 12h, 2w, 1y, or 1/3' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l crl -d 'Revocation lists: each issuer in the chain must have one, and not have revoked; repeats' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l max-depth -d 'The most intermediates that a chain may have' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l allow-subject -d 'Say whom Redis Enterprise would admit: one subject a line (`CN=a,OU=x,O=y`)' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l password-file -d 'The first line of this file opens PKCS#12 files' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l connect -d 'Look at what a server serves, within 5 seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l starttls -d 'Ask for TLS in the server\'s own protocol first' -r -f -a "postgres\t''
smtp\t''"
complete -c certctl -n "__fish_certctl_using_subcommand check" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand check" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand check" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand check" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -s r -l recursive -d 'Go into directories below, too; `archive/` is passed over'
complete -c certctl -n "__fish_certctl_using_subcommand check" -l strict -d 'Treat warnings as errors'
complete -c certctl -n "__fish_certctl_using_subcommand check" -s v -l verbose -d 'Show every aspect that was checked, not the findings alone'
complete -c certctl -n "__fish_certctl_using_subcommand check" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand check" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -f -a "secret" -d 'A Secret with the files of an identity, as `kubectl create secret` makes it'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and not __fish_seen_subcommand_from secret issuer" -f -a "issuer" -d 'The CA as a Secret, an Issuer of cert-manager, and a Certificate for each identity'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l name -d 'What the Secret is called; with --all what stands before each identity [default: certs]' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -s n -l namespace -d 'The namespace it is for [default: that of kubectl]' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l type -d 'What its keys are: `generic` NAME.pem, NAME.key, ca.pem; `tls` tls.crt, tls.key, ca.crt' -r -f -a "generic\t'The files under their own names (`Opaque`)'
tls\t'What Ingress and cert-manager read (`kubernetes.io/tls`)'"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l file -d 'A file to put into it instead, under its own name or another; repeats' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l label -d 'A label; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l annotation -d 'An annotation; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l all -d 'A Secret for each identity: of the plan, or else of the directory'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from secret" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l name -d 'What the issuer, and the Secret with the CA, are called' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -s n -l namespace -d 'The namespace; with --cluster of the CA\'s Secret [default: kubectl\'s; with --cluster cert-manager]' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l cluster -d 'For all namespaces: a ClusterIssuer'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand k8s; and __fish_seen_subcommand_from issuer" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "milvus" -d 'Settings of Milvus'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "qdrant" -d 'Settings of Qdrant'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "redis" -d 'Settings of Redis, Redis Cluster and Redis Enterprise'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "renewal" -d 'A timer of systemd, or a line for cron, that renews in time'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "pymilvus" -d 'A client of Milvus, in Python'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "qdrant-client" -d 'A client of Qdrant, in Python'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "redis-py" -d 'A client of Redis, in Python'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "redis-cli" -d 'A client of Redis, on the command line'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "curl" -d 'A client of any service with HTTPS, on the command line'
complete -c certctl -n "__fish_certctl_using_subcommand render; and not __fish_seen_subcommand_from milvus qdrant redis renewal pymilvus qdrant-client redis-py redis-cli curl openssl" -f -a "openssl" -d 'A look at the handshake of any service, on the command line'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l client -d 'The identity of a client, which --mutual checks' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l super-user -d 'A user who may reset passwords without the old one (superUsers); repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l http-port -d 'The port of the REST interface, which cannot be that of gRPC' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l release -d 'The name of the release (operator and helm)' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l secret -d 'The Secret with the certificates (operator and helm)' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l identity -d 'The identity that the service serves with' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l mount -d 'The directory of the certificates as the service sees it' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l out-dir -d 'Lay out a directory that is ready to be mounted, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l mutual -d 'Ask clients for a certificate (tlsMode 2)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l internal -d 'TLS between the components of Milvus as well (since Milvus 2.5)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l auth -d 'Ask for user and password (authorizationEnabled)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from milvus" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l client -d 'The identity of a client, which --mutual checks' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l replicas -d 'How many nodes the cluster has: the certificate is to be for each of them' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l release -d 'The name of the release, which the names of the nodes begin with' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l audit-dir -d 'Where the audit log is kept' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l audit-rotation -d 'How often a new file of the audit log begins' -r -f -a "daily\t''
hourly\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l audit-files -d 'How many files of the audit log are kept' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l bind -d 'The address to listen on, or with compose to publish the ports on [default: all; compose: 127.0.0.1]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l cert-ttl -d 'How often Qdrant looks for renewed certificates, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l secret -d 'The Secret with the certificates (helm); that with the API keys is RELEASE-api-keys' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l identity -d 'The identity that the service serves with' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l mount -d 'The directory of the certificates as the service sees it' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l out-dir -d 'Lay out a directory that is ready to be mounted, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l mutual -d 'Ask clients for a certificate (verify_https_client_certificate)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l p2p -d 'TLS between the nodes of a cluster as well'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l api-key -d 'Ask for an API key, taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l read-only-api-key -d 'A second API key that may only read, taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l alt-api-key -d 'The next API key, while keys are changed, taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l jwt-rbac -d 'Tokens for single collections (JWT), signed with the API key'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l audit -d 'Keep an audit log'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l audit-forwarded -d 'Log the client\'s address from X-Forwarded-For: behind a proxy only'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l client -d 'The identity of a client, which --mutual checks; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l dial -d 'The identity that replication and the cluster bus dial out with [default: that of the server]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l announce -d 'The name of this node, which clients are sent to instead of its address (cluster)' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l port -d 'The port for TLS [default: 6379]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l validate -d 'Which clients may come in, of those with a valid certificate (rest) [default: none]' -r -f -a "none\t'Whoever has a valid certificate'
cn\t'By common name, which Redis Enterprise calls "By Subject Alternative Name"'
subject\t'By the full subject'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l syncer -d 'The syncer certificate of a cluster that replicates this database, or its CA; repeats (rest)' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l database -d 'The number of the database (rest) [default: 1]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l identity -d 'The identity that the service serves with' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l mount -d 'The directory of the certificates as the service sees it' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l out-dir -d 'Lay out a directory that is ready to be mounted, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l mutual -d 'Ask clients for a certificate'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l replication -d 'Replication over TLS (conf; a cluster always has it): the certificate dials out, too'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l replica-only -d 'TLS between databases alone, not for clients: tls_mode replica_ssl (rest)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l allow-outdated -d 'Let clients in whose certificate has expired: mtls_allow_outdated_certs (rest)'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l expires-within -d 'Renew what expires within this time: 30d, 12h, 2w, 1y, or a share of its lifetime' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l exec -d 'Run a command when something was renewed, without a shell; the names are in CERTCTL_RENEWED' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l served -d 'A server that must serve the new certificate after the command; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l served-timeout -d 'How long the servers have for that, in seconds [default: 30]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l starttls -d 'Ask for TLS in the protocol of the servers first' -r -f -a "postgres\t''
smtp\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l out-dir -d 'Write the files to a directory instead of printing them' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l rollback -d 'Restore the old certificate and key if a server does not serve the new certificate, and run the command again'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from renewal" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l client -d 'The identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l identity -d 'The identity of the server, whose names are looked at' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l host -d 'The host that the client asks for [default: the CN of the server\'s certificate, or its first name]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l port -d 'The port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l service -d 'The service that is asked (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l path -d 'What is asked for with GET (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l mount -d 'The directory of the certificates as the client sees it [default: where they lie]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l out-dir -d 'Lay out a directory that is ready for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l mutual -d 'Show a certificate of its own to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from pymilvus" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l client -d 'The identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l identity -d 'The identity of the server, whose names are looked at' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l host -d 'The host that the client asks for [default: the CN of the server\'s certificate, or its first name]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l port -d 'The port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l service -d 'The service that is asked (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l path -d 'What is asked for with GET (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l mount -d 'The directory of the certificates as the client sees it [default: where they lie]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l out-dir -d 'Lay out a directory that is ready for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l mutual -d 'Show a certificate of its own to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from qdrant-client" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l client -d 'The identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l identity -d 'The identity of the server, whose names are looked at' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l host -d 'The host that the client asks for [default: the CN of the server\'s certificate, or its first name]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l port -d 'The port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l service -d 'The service that is asked (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l path -d 'What is asked for with GET (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l mount -d 'The directory of the certificates as the client sees it [default: where they lie]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l out-dir -d 'Lay out a directory that is ready for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l mutual -d 'Show a certificate of its own to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-py" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l client -d 'The identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l identity -d 'The identity of the server, whose names are looked at' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l host -d 'The host that the client asks for [default: the CN of the server\'s certificate, or its first name]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l port -d 'The port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l service -d 'The service that is asked (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l path -d 'What is asked for with GET (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l mount -d 'The directory of the certificates as the client sees it [default: where they lie]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l out-dir -d 'Lay out a directory that is ready for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l mutual -d 'Show a certificate of its own to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from redis-cli" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l client -d 'The identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l identity -d 'The identity of the server, whose names are looked at' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l host -d 'The host that the client asks for [default: the CN of the server\'s certificate, or its first name]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l port -d 'The port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l service -d 'The service that is asked (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l path -d 'What is asked for with GET (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l mount -d 'The directory of the certificates as the client sees it [default: where they lie]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l out-dir -d 'Lay out a directory that is ready for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l mutual -d 'Show a certificate of its own to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from curl" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l client -d 'The identity of the client, for --mutual' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l identity -d 'The identity of the server, whose names are looked at' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l host -d 'The host that the client asks for [default: the CN of the server\'s certificate, or its first name]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l port -d 'The port [default: that of the service]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l service -d 'The service that is asked (curl and openssl) [default: milvus]' -r -f -a "milvus\t''
qdrant\t''
redis\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l path -d 'What is asked for with GET (curl) [default: the list of collections]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l mount -d 'The directory of the certificates as the client sees it [default: where they lie]' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l out-dir -d 'Lay out a directory that is ready for the client, instead of printing; without ca.key' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l mutual -d 'Show a certificate of its own to the server'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l auth -d 'Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client, curl), taken from the environment'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand render; and __fish_seen_subcommand_from openssl" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand export" -l to -d 'Copy NAME.pem, NAME.key and ca.pem into this directory' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand export" -l group -d 'The group that may read the key, by name or number [default: that of the file before, or your own]' -r
complete -c certctl -n "__fish_certctl_using_subcommand export" -l mode -d 'The mode of the key, octal: 0600, 0640, 0400 or 0440 [default: that of the file before, or 0600; with --group 0640]' -r
complete -c certctl -n "__fish_certctl_using_subcommand export" -l p12 -d 'Write a PKCS#12 file with the key, the certificate and its chain' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -l password-file -d 'The first line of this file protects the PKCS#12 file [default: ask]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand export" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand export" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand export" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand export" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand export" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand export" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand man" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand man" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand man" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand man" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand man" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand man" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand version" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand version" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
yaml\t'Kubernetes manifests (`k8s`)'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand version" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand version" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand version" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand version" -l allow-shared-dir -d 'Write in a directory, or below one, that other users may change'
complete -c certctl -n "__fish_certctl_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
