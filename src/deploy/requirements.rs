//! Whether the certificates meet the requirements of a service, and the command that fixes them.

use std::{
    io,
    path::{Path, PathBuf},
    slice,
};

use pki::{
    verify::{
        names::host_matches,
        path::{self, CertificateRef, PathQuery, Violation},
        rule::{Rule, Severity},
        webpki::second_opinion,
    },
    x509::{certificate::Certificate, pem, usage::Usage},
};
use time::OffsetDateTime;

use crate::{
    deploy::error::{DeployError, UnmetRequirement},
    hint::{Hint, Note},
    issue::{
        error::{AuthorityError, IssueError, client_of_plan},
        identity::IdentityName,
        identity_files::Pair,
    },
    path_text::PathText as _,
    store::{CA_CERTIFICATE, LIMIT, ReadError, Store},
};

/// The available certificates, and the requirements that they have not met so far.
///
/// All are checked before anything is printed, so that one run reports everything that must be fixed.
pub(crate) struct Requirements<'a> {
    store: &'a Store,
    now: OffsetDateTime,
    /// The trust anchor, which the services and clients are given as `ca.pem`.
    pub(crate) ca: Certificate,
    pub(crate) ca_path: PathBuf,
    /// What is in the CA's file, octet by octet.
    pub(crate) ca_file: Vec<u8>,
    /// The program with its global flags, for commands in the comments and steps of settings.
    pub(crate) certctl: String,
    /// The clients of the plan.
    pub(crate) clients: Vec<IdentityName>,
    unmet: Vec<UnmetRequirement>,
    /// The usages required of each identity so far: server and client together are a peer.
    asked: Vec<(IdentityName, Usage)>,
}

impl<'a> Requirements<'a> {
    /// Reads the CA certificate. Its key is not needed, and not looked for.
    pub(crate) fn read(
        store: &'a Store,
        ca: &Path,
        now: OffsetDateTime,
    ) -> Result<Self, DeployError> {
        let ca_path = ca.to_owned();
        let ca_file = match store.read_path(ca, LIMIT) {
            Ok(content) => content,
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                let elsewhere = ca_path != store.path(CA_CERTIFICATE);
                return Err(IssueError::NoCa { path: ca_path, elsewhere }.into());
            }
            Err(source) => return Err(source.at(ca_path).into()),
        };
        if pem::holds_private_key(&ca_file) {
            return Err(IssueError::KeyInside { path: ca_path }.into());
        }
        require_pem(&ca_path, &ca_file)?;
        let unreadable = |source| IssueError::Certificate { path: ca_path.clone(), source };
        let der = pem::certificates(&ca_file).map_err(|source| unreadable(source.into()))?;
        let first = der.into_iter().next().unwrap_or_default();
        let ca = Certificate::from_strict_der(first).map_err(|source| unreadable(source.into()))?;
        // Version 1 knows no CAs; clients may trust such a root all the same.
        if !ca.is_ca() && ca.version() >= 3 {
            return Err(
                IssueError::Authority { path: ca_path, source: AuthorityError::NotCa }.into()
            );
        }
        let (clients, unmet, asked) = (Vec::new(), Vec::new(), Vec::new());
        let certctl = "certctl".to_owned();
        Ok(Self { store, now, ca, ca_path, ca_file, certctl, clients, unmet, asked })
    }

    /// The files of an identity, and its usage as far as that is known.
    pub(crate) fn pair(
        &self,
        name: &IdentityName,
        usage: impl Into<Option<Usage>>,
    ) -> Result<Pair, DeployError> {
        let mut pair = Pair::read(self.store, name, usage.into());
        if let Err(IssueError::NoPair { usage: Some(Usage::Client), planned, .. }) = &mut pair {
            *planned = self.other_client(name).cloned();
        }
        let pair = pair?;
        require_pem(&pair.certificate_path, &pair.certificate_file)?;
        if let Some(key) = &pair.key {
            require_pem(&key.path, &key.content)?;
        }
        Ok(pair)
    }

    /// The client of the plan, if the plan has no identity of that name.
    fn other_client(&self, name: &IdentityName) -> Option<&IdentityName> {
        self.clients.first().filter(|_| !self.clients.contains(name))
    }

    /// The hint for a client without a certificate.
    pub(crate) fn hint_on_client(&self, name: &IdentityName) -> Hint {
        let issue = format!("issue {name} --usage client");
        match self.other_client(name) {
            Some(other) => Hint::from(client_of_plan(other)).then("issue it: ").run(issue),
            None => Hint::command(issue),
        }
    }

    /// Notes why clients and servers that trust the CA refuse a certificate for `usage`. `needs` is what
    /// requires it: "tlsMode 2", "p2p".
    pub(crate) fn needs_usage(&mut self, pair: &Pair, usage: Usage, needs: &str) {
        self.needs_usage_or_expired(pair, usage, needs, false);
    }

    /// As [`Self::needs_usage`]; a certificate that has expired will do if `though_expired`.
    pub(crate) fn needs_usage_or_expired(
        &mut self,
        pair: &Pair,
        usage: Usage,
        needs: &str,
        though_expired: bool,
    ) {
        let counts = |violation: &Violation| {
            let is_date =
                violation.rule() == Rule::Expired && violation.link == CertificateRef::Leaf;
            violation.defect.severity() == Severity::Error && !(is_date && though_expired)
        };
        let name = &pair.name;
        let all_of_it = self.all_asked(name, usage);
        let is_of_ca = |violation: &Violation| matches!(violation.link, CertificateRef::Anchor(_));
        let violations = self.violations(pair, Some(usage)).into_iter().filter(counts);
        let (above, below): (Vec<_>, Vec<_>) = violations.partition(is_of_ca);
        // The CA is fixed first: an expired CA cannot renew a certificate.
        for violation in above.into_iter().chain(below) {
            let is_above = is_of_ca(&violation);
            let (rule, detail) = (violation.rule(), &violation.detail);
            let file = if is_above { &self.ca_path } else { &pair.certificate_path };
            let hint = match rule {
                Rule::Expired if is_above => Hint::command("renew ca"),
                _ if is_above => Hint::command("check ca"),
                Rule::Usage => Hint::command(format!("renew {name} --usage {all_of_it}")),
                Rule::Expired => Hint::command(format!("renew {name}")),
                Rule::Chain => "name the CA that signed it: `--ca FILE`".into(),
                _ => Hint::command(format!("check {name}")),
            };
            let file = file.shown();
            let message = format!("`{file}` {detail}: {needs} needs a {usage} certificate");
            self.add(message, hint);
        }
    }

    /// Why a verifier that trusts the CA refuses a certificate for `usage`, or for every usage.
    pub(crate) fn violations(&self, pair: &Pair, usage: Option<Usage>) -> Vec<Violation> {
        let anchors = slice::from_ref(&self.ca);
        violations(&pair.certificate, &pair.above(), anchors, self.now, usage)
    }

    /// The usage that an identity must have if `usage` is required as well.
    fn all_asked(&mut self, name: &IdentityName, usage: Usage) -> Usage {
        self.asked.push((name.clone(), usage));
        let mut before = self.asked.iter().filter(|(other, _)| other == name);
        if before.all(|(_, other)| *other == usage) { usage } else { Usage::Peer }
    }

    /// As [`Self::needs_usage`], for a service that is made with rustls: its own verifier, webpki,
    /// must accept the certificate as well.
    pub(crate) fn needs_usage_in_rustls(&mut self, pair: &Pair, usage: Usage, needs: &str) {
        let before = self.unmet.len();
        self.needs_usage(pair, usage, needs);
        if self.unmet.len() > before {
            return;
        }
        let anchors = slice::from_ref(&self.ca);
        if let Err(detail) =
            second_opinion(&pair.certificate, &pair.above(), anchors, self.now, Some(usage), &[])
        {
            let file = pair.certificate_path.shown();
            let message = format!("`{file}` is refused by rustls ({detail}): {needs}");
            self.add(message, Hint::command(format!("check {}", pair.name)));
        }
    }

    /// Refuses the CA's key, which signs for any name: it is never copied, whatever its file name is.
    pub(crate) fn refuse_ca_key(&mut self, pair: &Pair) -> Result<(), DeployError> {
        let key = pair.require_key()?;
        if key.key.public() == self.ca.public_key() {
            self.add(
                format!("`{}` is the CA's own key", key.path.shown()),
                Hint::from("issue an identity for the service: ").run("issue NAME HOST"),
            );
        }
        self.finish()
    }

    /// Why clients that trust the CA refuse the certificate.
    pub(crate) fn doubts(&self, pair: &Pair) -> Vec<Note> {
        let name = &pair.name;
        let doubt = |violation: Violation| {
            let (path, of_ca) = match violation.link {
                CertificateRef::Anchor(_) => (&self.ca_path, true),
                CertificateRef::Leaf | CertificateRef::Untrusted(_) => {
                    (&pair.certificate_path, false)
                }
            };
            let hint = match violation.rule() {
                Rule::Expired if of_ca => Hint::command("renew ca"),
                Rule::Expired => Hint::command(format!("renew {name}")),
                Rule::Chain | Rule::Signature => "name the CA that signed it: `--ca FILE`".into(),
                _ => Hint::command(format!("check {name}")),
            };
            Note::warning(format!("{} {}", path.shown(), violation.detail), Some(hint))
        };
        self.violations(pair, None).into_iter().map(doubt).collect()
    }

    /// Notes that a certificate has no SAN for the host that clients ask for.
    pub(crate) fn needs_host(&mut self, pair: &Pair, host: &str, needs: &str) {
        if let Err(detail) = host_matches(&pair.certificate, host) {
            let file = pair.certificate_path.shown();
            let message = format!("`{file}` {detail}: {needs}");
            self.add(message, Hint::command(format!("renew {} --san '{host}'", pair.name)));
        }
    }

    /// Notes another requirement that is not met.
    pub(crate) fn add(&mut self, message: String, hint: impl Into<Hint>) {
        self.extend([UnmetRequirement::new(message, hint)]);
    }

    pub(crate) fn extend(&mut self, unmet: impl IntoIterator<Item = UnmetRequirement>) {
        for unmet in unmet {
            if !self.unmet.contains(&unmet) {
                self.unmet.push(unmet);
            }
        }
    }

    /// An error that lists every requirement that is not met; nothing must be printed then.
    pub(crate) fn finish(&mut self) -> Result<(), DeployError> {
        UnmetRequirement::refuse(std::mem::take(&mut self.unmet))
    }
}

/// Why a verifier that trusts the anchors refuses a certificate for `usage`, or for every usage.
pub(super) fn violations(
    leaf: &Certificate,
    untrusted: &[Certificate],
    anchors: &[Certificate],
    at: OffsetDateTime,
    usage: Option<Usage>,
) -> Vec<Violation> {
    let (revocation, max_depth) = (&[], None);
    path::validate(&PathQuery { leaf, untrusted, anchors, revocation, at, usage, max_depth })
        .violations
}

/// The exported files must be PEM: certctl reads DER, and no service does.
fn require_pem(path: &Path, content: &[u8]) -> Result<(), DeployError> {
    let begin = b"-----BEGIN ";
    if content.windows(begin.len()).any(|octets| octets == begin) {
        return Ok(());
    }
    Err(DeployError::Der { path: path.to_owned() })
}
