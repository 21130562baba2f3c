# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_certctl_global_optspecs
    string join \n d/dir= ca= ca-key= config= o/output= out-file= q/quiet color= lock-timeout= h/help V/version
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
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_needs_command" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_needs_command" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_needs_command" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_needs_command" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_needs_command" -s V -l version -d 'Print version'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "init" -d 'Write a commented certctl.toml'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "gen" -d 'Make a CA, a server and a client certificate, as gen.sh does'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "issue" -d 'Issue one more identity under the CA'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "renew" -d 'Issue certificates again over the same CA, as renew.sh does'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "csr" -d 'Make a key and a request for another CA'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "sign" -d 'Sign a request that came from elsewhere'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "inspect" -d 'Show what is in certificates, keys, bundles and Secrets, and when it ends'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "check" -d 'Judge certificates: who would refuse them, and why'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "man" -d 'Print the manual page of certctl, or of one command'
complete -c certctl -n "__fish_certctl_needs_command" -f -a "version" -d 'Print the version'
complete -c certctl -n "__fish_certctl_using_subcommand init" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand init" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand init" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand init" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand init" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand init" -s q -l quiet -d 'Say nothing but errors'
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
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand issue" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand issue" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand issue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l expires-within -d 'Renew only what ends within this time: 30d, 12h, 2w, 1y, or 33% of its lifetime left' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l key-type -d 'Kind of the new keys [default: as before]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l san -d 'Add names to the identity; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l drop-san -d 'Remove names from the identity; repeats, takes commas' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l usage -d 'What the identity is for from now on' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l days -d 'How many days the new certificates live [default: as long as before]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l exec -d 'Run a command when something was renewed, without a shell; the names are in CERTCTL_RENEWED' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l cn -d 'The common name of the server [default: the first HOST, else localhost]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l client-cn -d 'The common name of the client [default: the common name of the server]' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l subject -d 'The whole subject: `/C=US/O=Example/CN=db` or `CN=db,O=Example,C=US`' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l country -d 'Country, two letters' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l state -d 'State or province' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l locality -d 'Locality, such as a city' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l organization -l org -d 'Organization' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l org-unit -l organizational-unit -d 'Organizational unit; repeat it for several, all are kept in order' -r
complete -c certctl -n "__fish_certctl_using_subcommand renew" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand renew" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand renew" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
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
complete -c certctl -n "__fish_certctl_using_subcommand renew" -s q -l quiet -d 'Say nothing but errors'
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
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand csr" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand csr" -s q -l quiet -d 'Say nothing but errors'
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
complete -c certctl -n "__fish_certctl_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -l expires-within -d 'Exit with 3 if a certificate ends within this time (30d, 12h, 2w, 1y, 33%), with 4 if one has' -r
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
complete -c certctl -n "__fish_certctl_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand check" -l untrusted -d 'Certificates that may help to build a chain, and are not trusted; repeats' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l key -d 'The private key that ought to belong to the certificate [default: NAME.key beside NAME.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand check" -l host -d 'The host name or address that clients will ask for; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l email -d 'The mailbox that the certificate ought to vouch for; repeats' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l usage -d 'What it is for [default: from the plan, the file\'s name, or its own extendedKeyUsage]' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l at -d 'Judge another moment than now: RFC 3339, such as 2027-01-31T12:00:00Z' -r
complete -c certctl -n "__fish_certctl_using_subcommand check" -l expires-within -d 'Exit with 3 if a certificate ends within this time: 30d, 12h, 2w, 1y, or 33%' -r
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
complete -c certctl -n "__fish_certctl_using_subcommand check" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand completions" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand man" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand man" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand man" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand man" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand man" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand man" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certctl -n "__fish_certctl_using_subcommand version" -s d -l dir -d 'The directory of the PKI [env: CERTCTL_DIR] [default: .]' -r -f -a "(__fish_complete_directories)"
complete -c certctl -n "__fish_certctl_using_subcommand version" -l ca -d 'A CA certificate elsewhere; `ca.srl` is beside it; `check` takes several [default: DIR/ca.pem]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -l ca-key -d 'The private key of that CA [default: `ca.key` beside the CA certificate]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -l config -d 'The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -s o -l output -d 'How the result looks [env: CERTCTL_OUTPUT] [default: text]' -r -f -a "text\t'For people'
json\t'For programs; the fields are stable'
prometheus\t'For the text collector of Prometheus (`inspect`)'
junit\t'A JUnit report, as CI servers read it (`check`)'
github\t'Annotations of GitHub Actions (`check`)'"
complete -c certctl -n "__fish_certctl_using_subcommand version" -l out-file -d 'Write the result to a file instead of standard output' -r -F
complete -c certctl -n "__fish_certctl_using_subcommand version" -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c certctl -n "__fish_certctl_using_subcommand version" -l lock-timeout -d 'How long to wait for another certctl, in seconds' -r
complete -c certctl -n "__fish_certctl_using_subcommand version" -s q -l quiet -d 'Say nothing but errors'
complete -c certctl -n "__fish_certctl_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
