//! The CA and its identities, as objects of cert-manager.

use std::path::Path;

use pki::x509::{pem, san::GeneralName, validity::date};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{
    Object,
    cert_manager::{self, IssuerKind, PlannedCertificate},
    identities::{object_name, with_keys},
    metadata::{Metadata, Namespace, ObjectName},
    secret::{Secret, TLS_CERTIFICATE, TLS_KEY},
    secret_files::{Content, FileEntry},
};
use crate::{
    deploy::error::{DeployError, UnmetRequirement},
    hint::{Hint, Note},
    issue::{
        authority::Authority,
        error::IssueError,
        identity::{Identity, IdentityName},
    },
    store::Store,
};

/// The default namespace of the Secrets of ClusterIssuers in cert-manager
/// (`--cluster-resource-namespace`).
const CLUSTER_NAMESPACE: &str = "cert-manager";
/// The suffix of the Secret that cert-manager maintains for an identity. It differs from the one that
/// `k8s secret` creates, so that a service uses the new key and certificate only when its settings name it.
const SECRET_SUFFIX: &str = "-tls";

/// The issuer of cert-manager that signs with a CA of certctl.
pub(crate) struct CaIssuer<'a> {
    pub(crate) authority: &'a Authority,
    /// The files of the CA.
    pub(crate) certificate_path: &'a Path,
    pub(crate) key_path: &'a Path,
    /// Of the issuer, and of the Secret with the CA.
    pub(crate) name: &'a ObjectName,
    pub(crate) kind: IssuerKind,
    /// With a `ClusterIssuer` that of the Secret alone.
    pub(crate) namespace: Option<&'a Namespace>,
    pub(crate) now: OffsetDateTime,
}

impl CaIssuer<'_> {
    /// The Secret with the CA, and the issuer.
    pub(crate) fn objects(&self) -> Result<Vec<Object>, DeployError> {
        let secret_namespace = match self.namespace {
            None if self.kind == IssuerKind::ClusterIssuer => Some(CLUSTER_NAMESPACE.parse()?),
            given => given.cloned(),
        };
        let secret = Metadata::new(self.name.clone(), secret_namespace);
        let issuer = Metadata::new(self.name.clone(), self.namespace());
        Ok(vec![
            Object::Secret(self.ca_secret(secret)?),
            Object::Public(cert_manager::issuer(self.kind, &issuer)),
        ])
    }

    /// A ClusterIssuer has no namespace; its Certificates are in the namespace of kubectl.
    fn namespace(&self) -> Option<Namespace> {
        self.namespace.filter(|_| self.kind == IssuerKind::Issuer).cloned()
    }

    /// A `Certificate` for each identity, and the notes on all of them.
    ///
    /// The error lists everything that cert-manager cannot issue.
    pub(crate) fn certificates(
        &self,
        identities: &[PlannedCertificate],
    ) -> Result<(Vec<Object>, Vec<Note>), DeployError> {
        let (mut objects, mut notes, mut unmet) = (Vec::new(), Vec::new(), Vec::new());
        let mut taken: Vec<ObjectName> = Vec::new();
        for identity in identities {
            let names = object_names(&identity.identity, self.name, &taken);
            let made = names.map_err(|unmet| vec![unmet]).and_then(|(name, secret)| {
                let metadata = Metadata::new(name, self.namespace());
                let issuer = (self.name, self.kind);
                let made = cert_manager::certificate(&metadata, &secret, issuer, identity)?;
                Ok((metadata.name, made))
            });
            match made {
                Ok((name, (certificate, texts))) => {
                    taken.push(name);
                    objects.push(Object::Public(certificate));
                    notes.extend(texts.into_iter().map(|note| Note::plain(note, None)));
                    notes.extend(self.outlives(identity));
                }
                Err(more) => unmet.extend(more),
            }
        }
        UnmetRequirement::refuse(unmet)?;
        if taken.is_empty() {
            notes.push(Note::plain(
                "no identity in this directory: the manifest has only the issuer",
                Some(Hint::command("issue NAME HOST")),
            ));
        }
        notes.extend(self.on_moving());
        Ok((objects, notes))
    }

    /// The identities of the CA in a directory that have their keys there; notes say which are left out.
    pub(crate) fn present(
        &self,
        store: &Store,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<PlannedCertificate>, IssueError> {
        let found = with_keys(store, self.authority.certificate(), false, notes)?;
        let identities = found.into_iter().filter_map(|(_, identity)| identity);
        Ok(identities.map(|identity| PlannedCertificate::of(&identity)).collect())
    }

    /// The CA as cert-manager reads it: its certificate and the chain above it, and its key, which must
    /// be the first block of its file.
    fn ca_secret(&self, metadata: Metadata) -> Result<Secret, DeployError> {
        let content = |key: &str, path: &Path| {
            Content::read(&FileEntry { key: key.parse()?, path: path.to_owned() })
        };
        let certificate = content(TLS_CERTIFICATE, self.certificate_path)?;
        let mut key = content(TLS_KEY, self.key_path)?;
        let first = pem::blocks(&key.octets).next().and_then(|block| block.label());
        if !first.is_some_and(|label| label.ends_with("PRIVATE KEY"))
            || !key.certificates.is_empty()
        {
            key.octets = Zeroizing::new(self.authority.key().to_pem().as_bytes().to_vec());
        }
        Ok(Secret::tls(metadata, &[certificate, key])?.0)
    }

    /// cert-manager does not check whether a certificate expires after its CA; clients do.
    fn outlives(&self, identity: &PlannedCertificate) -> Option<Note> {
        let ca_ends = self.authority.certificate().not_after();
        (ca_ends - self.now < identity.length).then(|| {
        Note::warning(
            format!(
                "cert-manager would issue `{}` with an expiry after that of the CA ({}): clients \
                refuse it then",
                identity.identity,
                date(ca_ends)
            ),
            Some(Hint::command("renew ca")),
        )
    })
    }

    /// What changes with cert-manager.
    fn on_moving(&self) -> Vec<Note> {
        let mut notes = vec![
            Note::plain(
                "cert-manager uses random serials: ca.srl stays as it is, for certificates that \
            certctl and openssl sign",
                None,
            ),
            Note::plain(
                "do not renew here what cert-manager renews; services read the new keys and \
            certificates from the Secrets NAME-tls",
                None,
            ),
        ];
        if self.kind == IssuerKind::ClusterIssuer {
            notes.push(Note::plain(
                "the Certificates have no namespace: kubectl creates them in its own",
                Some("kubectl config set-context --current --namespace NAMESPACE".into()),
            ));
        }
        notes
    }
}

impl PlannedCertificate {
    /// As an identity is now.
    pub(crate) fn of(identity: &Identity) -> Self {
        let certificate = &identity.certificate;
        let (names, others): (Vec<GeneralName>, Vec<GeneralName>) =
            certificate.names().into_iter().partition(|name| name.san().is_some());
        Self {
            identity: identity.name.clone(),
            subject: certificate.subject().clone(),
            names: names.iter().filter_map(GeneralName::san).cloned().collect(),
            left_out: others.iter().map(GeneralName::to_string).collect(),
            usage: certificate.usage(),
            key: certificate.public_key().kind(),
            length: certificate.validity().length(),
        }
    }
}

/// The names of the `Certificate` of an identity and of its Secret, beside objects of these names.
fn object_names(
    identity: &IdentityName,
    ca: &ObjectName,
    taken: &[ObjectName],
) -> Result<(ObjectName, ObjectName), UnmetRequirement> {
    let rename = || {
        Hint::from("move its files away, and issue it under another name: ").run("issue NAME HOST")
    };
    let called = |behind| {
        object_name("", identity, behind)
            .map_err(|unmet| UnmetRequirement { hint: rename(), ..unmet })
    };
    let (name, secret) = (called("")?, called(SECRET_SUFFIX)?);
    if taken.contains(&name) {
        let message =
            format!("two identities, `{identity}` the second, would be the Certificate `{name}`");
        return Err(UnmetRequirement::new(message, rename()));
    }
    // In another namespace, too: moving it later would overwrite the CA.
    if secret == *ca {
        let message =
            format!("the certificate of `{identity}` would be in the Secret `{secret}` of the CA");
        let hint = Hint::command("k8s issuer --name certctl-ca --out-file FILE");
        return Err(UnmetRequirement::new(message, hint));
    }
    Ok((name, secret))
}
