//! `certctl k8s secret`: the files of identities, or any files, as Secrets.

use std::collections::BTreeMap;

use pki::{
    verify::path::{self, CertificateRef, PathQuery},
    x509::{certificate::Certificate, key::PublicKey, pem::PemError},
};
use time::OffsetDateTime;

use super::{super::notes, ca_keys::authorities, object_name::object_name};
use crate::{
    cli::{FileEntry, SecretArgs, SecretType},
    config::Settings,
    deploy::{
        error::{DeployError, UnmetRequirement},
        kubernetes::{
            Object,
            metadata::{DataKey, Metadata, ObjectName},
            secret::{self, Secret, TLS_CA, TLS_CERTIFICATE, TLS_KEY},
            secret_files::{self, Content},
        },
        requirements::Requirements,
    },
    error::Error,
    hint::Hint,
    issue::{
        error::IssueError,
        identity::{IdentityName, ScanResult, scan},
    },
    path_text::PathText as _,
    report::Note,
    store::CA_CERTIFICATE,
};

/// The default name of a Secret, as in the vendors' documentation.
const NAME: &str = "certs";
/// The identity whose files go into it.
const IDENTITY: &str = "server";
/// How often files are read before they count as a mismatch: a renewal replaces the key
/// first and the certificate a moment later.
const TRIES: usize = 3;

pub(super) fn make(
    args: &SecretArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<(Vec<Object>, Vec<Note>), Error> {
    // Errors in the flags are reported before any file is read.
    check_files(args)?;
    let authorities = authorities(args, settings, now)?;
    let (objects, notes) = (Vec::new(), Vec::new());
    let mut maker = Maker { args, settings, now, authorities, objects, notes };
    maker.metadata(maker.name()?)?;
    if !args.files.is_empty() {
        let contents = fitting(&args.files, &maker.authorities)?;
        maker.secret(maker.name()?, &contents)?;
    } else if args.all {
        maker.of_all()?;
    } else {
        let identity = match &args.identity {
            Some(identity) => identity.clone(),
            None => IDENTITY.parse().map_err(|error| Error::usage(error, None))?,
        };
        maker.of_identity(&identity, maker.name()?)?;
    }
    Ok((maker.objects, maker.notes))
}

struct Maker<'a> {
    args: &'a SecretArgs,
    settings: &'a Settings,
    now: OffsetDateTime,
    /// The keys of CAs: a Secret must not contain one.
    authorities: Vec<PublicKey>,
    objects: Vec<Object>,
    notes: Vec<Note>,
}

impl Maker<'_> {
    fn name(&self) -> Result<ObjectName, Error> {
        match &self.args.name {
            Some(name) => Ok(name.clone()),
            None => NAME.parse().map_err(|error| Error::usage(error, None)),
        }
    }

    fn metadata(&self, name: ObjectName) -> Result<Metadata, Error> {
        let mut metadata = Metadata::new(name, self.args.namespace.clone());
        metadata
            .inscribe(&self.args.labels, &self.args.annotations)
            .map_err(|error| Error::usage(error, None))?;
        Ok(metadata)
    }

    /// A Secret for each identity; all of them or none.
    fn of_all(&mut self) -> Result<(), Error> {
        let prefix = self.args.name.as_ref().map(|name| format!("{}-", name.as_str()));
        let identities = self.identities()?;
        let mut unmet = Vec::new();
        let mut named: BTreeMap<ObjectName, &IdentityName> = BTreeMap::new();
        for identity in &identities {
            match object_name(prefix.as_deref().unwrap_or_default(), identity, "") {
                Ok(name) => {
                    if let Some(twin) = named.get(&name) {
                        let name = name.as_str();
                        unmet.push(UnmetRequirement::new(
                            format!(
                                "identities `{twin}` and `{identity}` would both be the Secret \
                                `{name}`"
                            ),
                            Hint::from("create one of them alone: ")
                                .run(format!("k8s secret {identity} --name {name}-2")),
                        ));
                    }
                    named.insert(name, identity);
                }
                Err(requirement) => unmet.push(requirement),
            }
        }
        UnmetRequirement::refuse(unmet)?;
        named.into_iter().try_for_each(|(name, identity)| self.of_identity(identity, name))
    }

    /// Those of the plan; without one every identity of the directory whose key is there.
    fn identities(&mut self) -> Result<Vec<IdentityName>, Error> {
        let plan = &self.settings.config.plan;
        if !plan.is_empty() {
            return Ok(plan.iter().map(|entry| entry.name.clone()).collect());
        }
        let ca =
            Requirements::read(&self.settings.store, &self.settings.ca.certificate, self.now)?.ca;
        let mut identities = Vec::new();
        for (name, found) in scan(&self.settings.store, &ca)? {
            match found {
                ScanResult::Member(member) if member.has_key => identities.push(name),
                ScanResult::Foreign { has_key: true, .. } => identities.push(name),
                ScanResult::Member(_) => {
                    let file = name.certificate_file();
                    let message = format!("{file} was signed for a key that is not here: left out");
                    self.notes.push(Note::plain(message, None));
                }
                ScanResult::Broken(error) => return Err(error.into()),
                ScanResult::Foreign { has_key: false, .. } | ScanResult::Other(_) => {}
            }
        }
        if identities.is_empty() {
            let dir = self.settings.store.dir().shown();
            let message = format!("`{dir}` has no identity with its key");
            let hint = Hint::from("name another directory with `-d DIR`, or issue identities: ");
            let unmet = UnmetRequirement::new(message, hint.run("gen"));
            return Err(DeployError::from(unmet).into());
        }
        Ok(identities)
    }

    /// The pair of an identity, and the CA certificate.
    fn of_identity(&mut self, identity: &IdentityName, name: ObjectName) -> Result<(), Error> {
        let (store, ca) = (&self.settings.store, &self.settings.ca.certificate);
        let certificate = store.path(&identity.certificate_file());
        let key = store.path(&identity.key_file());
        if !store.has(&identity.certificate_file())? {
            if self.args.all {
                let path = certificate.shown();
                let message = format!("`{path}` does not exist, and the plan has `{identity}`");
                let unmet = UnmetRequirement::new(message, Hint::command("gen"));
                return Err(DeployError::from(unmet).into());
            }
            return Err(IssueError::NoPair {
                path: certificate,
                name: identity.clone(),
                usage: None,
            }
            .into());
        }
        if !store.has(&identity.key_file())? {
            return Err(IssueError::NoKey { certificate, key }.into());
        }
        if !ca.exists() {
            return Err(IssueError::NoCa {
                path: ca.clone(),
                elsewhere: self.settings.ca.elsewhere,
            }
            .into());
        }
        self.notes.extend(notes::on_key(&key));
        let keys = match self.args.kind {
            SecretType::Generic => {
                [identity.certificate_file(), identity.key_file(), CA_CERTIFICATE.to_owned()]
            }
            SecretType::Tls => [TLS_CERTIFICATE, TLS_KEY, TLS_CA].map(str::to_owned),
        };
        let paths = [certificate, key, ca.clone()];
        let entry = |(key, path): (String, _)| {
            let key = key.parse::<DataKey>().map_err(|error| Error::usage(error, None))?;
            Ok(FileEntry { key, path })
        };
        let entries: Vec<FileEntry> =
            keys.into_iter().zip(paths).map(entry).collect::<Result<_, Error>>()?;
        let contents = fitting(&entries, &self.authorities)?;
        if let [certificate, key, ca] = &contents[..] {
            for public in [certificate, ca] {
                if !public.private_keys.is_empty() {
                    return Err(IssueError::KeyInside { path: public.path.clone() }.into());
                }
                if public.certificates.is_empty() {
                    let path = public.path.clone();
                    return Err(
                        IssueError::Certificate { path, source: PemError::NoPem.into() }.into()
                    );
                }
            }
            self.check(certificate, key, ca);
        }
        self.secret(name, &contents)
    }

    fn secret(&mut self, name: ObjectName, contents: &[Content]) -> Result<(), Error> {
        let metadata = self.metadata(name)?;
        self.notes.extend(contents.iter().filter(|content| content.is_locked).map(|content| {
            let path = content.path.shown();
            Note::warning(
                format!("`{path}` needs a password, so it was not checked for the CA's key"),
                None,
            )
        }));
        let secret = match self.args.kind {
            SecretType::Generic => {
                self.notes.extend(contents.iter().filter_map(|one| on_form(one, contents)));
                Secret::generic(metadata, contents)?
            }
            SecretType::Tls => {
                let public = [TLS_CERTIFICATE, TLS_CA];
                let inside = contents.iter().find(|content| {
                    public.contains(&content.key.as_str()) && !content.private_keys.is_empty()
                });
                if let Some(content) = inside {
                    return Err(IssueError::KeyInside { path: content.path.clone() }.into());
                }
                let (secret, is_rebuilt) = Secret::tls(metadata, contents)?;
                if is_rebuilt {
                    self.notes.push(Note::plain(
                        format!(
                            "{TLS_CERTIFICATE} has the order of TLS, unlike its file: the \
                            certificate of the key, then its issuers, without the root"
                        ),
                        None,
                    ));
                }
                secret
            }
        };
        self.objects.push(Object::Secret(secret));
        Ok(())
    }

    /// Why clients refuse a certificate of the Secret.
    fn check(&mut self, file: &Content, key: &Content, ca: &Content) {
        let of_key = |one: &&Certificate| key.private_keys.contains(one.public_key());
        let Some(leaf) = file.certificates.iter().find(of_key) else { return };
        let path = file.path.shown();
        let result = path::validate(&PathQuery {
            leaf,
            untrusted: &file.certificates,
            anchors: &ca.certificates,
            revocation: &[],
            at: self.now,
            usage: None,
            max_depth: None,
        });
        let own = Hint::command(format!("check {path}"));
        self.notes.extend(result.violations.into_iter().map(|violation| {
            let (file, hint) = match violation.link {
                CertificateRef::Anchor(_) => (ca.path.shown(), Hint::command("check ca")),
                _ => (file.path.shown(), own.clone()),
            };
            Note::warning(format!("`{file}` {}", violation.detail), Some(hint))
        }));
    }
}

/// Why servers refuse a file that is stored as it is.
fn on_form(content: &Content, contents: &[Content]) -> Option<Note> {
    let path = content.path.shown();
    let has_key = |certificate: &Certificate| {
        contents.iter().any(|one| one.private_keys.contains(certificate.public_key()))
    };
    let holds_any = !content.certificates.is_empty() || !content.private_keys.is_empty();
    if holds_any && is_no_plain_pem(content) {
        let key = content.key.as_str();
        return Some(Note::warning(
            format!(
                "`{path}` is DER, or begins with a byte order mark: what reads `{key}` expects \
                plain PEM"
            ),
            Some("`--type tls` writes PEM".into()),
        ));
    }
    let (first, others) = content.certificates.split_first()?;
    (!has_key(first) && others.iter().any(has_key)).then(|| {
        Note::warning(
            format!(
                "`{path}` does not begin with the certificate of its key: servers refuse to load it"
            ),
            Some("`--type tls` puts it in order".into()),
        )
    })
}

fn is_no_plain_pem(content: &Content) -> bool {
    const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
    let named_as_pem =
        [".pem", ".crt", ".key"].iter().any(|end| content.key.as_str().ends_with(end));
    named_as_pem
        && (content.octets.starts_with(&[0x30]) || content.octets.starts_with(BYTE_ORDER_MARK))
}

/// Each file has a key of its own, and `--type tls` its pair.
fn check_files(args: &SecretArgs) -> Result<(), Error> {
    let entries = &args.files;
    for (index, entry) in entries.iter().enumerate() {
        if entries[..index].iter().any(|other| other.key == entry.key) {
            return Err(Error::usage(
                format!("two files would be `{}` in the Secret", entry.key.as_str()),
                Some("give one of them another key: `--file KEY=PATH`".into()),
            ));
        }
    }
    let has = |key: &str| entries.iter().any(|entry| entry.key.as_str() == key);
    let is_whole = entries.is_empty() || has(TLS_CERTIFICATE) && has(TLS_KEY);
    if args.kind == SecretType::Tls && !is_whole {
        Err(secret::lacks_pair().into())
    } else {
        Ok(())
    }
}

/// Reads files that fit together and into a Secret.
fn fitting(entries: &[FileEntry], authorities: &[PublicKey]) -> Result<Vec<Content>, Error> {
    let read = || -> Result<Vec<Content>, DeployError> {
        entries.iter().map(|entry| Content::read(entry.key.clone(), entry.path.clone())).collect()
    };
    let mut contents = read()?;
    for _ in 1..TRIES {
        if secret_files::unmet(&contents, authorities).is_empty() {
            break;
        }
        contents = read()?;
    }
    UnmetRequirement::refuse(secret_files::unmet(&contents, authorities))?;
    Ok(contents)
}
