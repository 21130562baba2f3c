//! `certctl render`: the settings of a service or a client.

mod renewal;

use std::{
    io,
    path::{Path, PathBuf},
};

use pki::x509::usage::Usage;
use time::OffsetDateTime;

use crate::{
    cli::{ClientArgs, RenderCommand},
    config::Settings,
    deploy::{
        copies::Copies,
        requirements::Requirements,
        service::{
            Rendering, TextFile,
            clients::{self, Client},
            milvus, qdrant, redis,
        },
    },
    error::Error,
    issue::{error::IssueError, notes},
    report::{
        Note, Outcome, program,
        rendering::{Rendered, RenderedFile},
    },
    store::{LIMIT, Missing, ReadError, Readers, Sensitivity, Store},
};

pub(crate) fn run(
    command: &RenderCommand,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    if let RenderCommand::Renewal(args) = command {
        return finish(renewal::render(args, settings)?, args.out_dir.as_deref(), None, settings);
    }
    let mut requirements = Requirements::read(&settings.store, &settings.ca.certificate, now)?;
    requirements.certctl = program();
    let clients = settings.config.plan.iter().filter(|entry| entry.usage == Usage::Client);
    requirements.clients = clients.map(|entry| entry.name.clone()).collect();
    let hand = &mut requirements;
    let (rendering, out_dir) = match command {
        RenderCommand::Milvus(args) => {
            (milvus::render(&args.options(), hand)?, &args.place.out_dir)
        }
        RenderCommand::Qdrant(args) => {
            (qdrant::render(&args.options(), hand)?, &args.place.out_dir)
        }
        RenderCommand::Redis(args) => (redis::render(&args.options(), hand)?, &args.place.out_dir),
        RenderCommand::Pymilvus(args) => client(Client::Pymilvus, args, hand)?,
        RenderCommand::QdrantClient(args) => client(Client::QdrantClient, args, hand)?,
        RenderCommand::RedisPy(args) => client(Client::RedisPy, args, hand)?,
        RenderCommand::RedisCli(args) => client(Client::RedisCli, args, hand)?,
        RenderCommand::Curl(args) => client(Client::Curl, args, hand)?,
        RenderCommand::Openssl(args) => client(Client::Openssl, args, hand)?,
        RenderCommand::Renewal(_) => unreachable!("it needs no certificate"),
    };
    finish(rendering, out_dir.as_deref(), Some(&requirements.ca_file), settings)
}

fn client<'a>(
    client: Client,
    args: &'a ClientArgs,
    requirements: &mut Requirements<'_>,
) -> Result<(Rendering, &'a Option<PathBuf>), Error> {
    Ok((clients::render(client, &args.options(), requirements)?, &args.out_dir))
}

/// Prints or writes what was rendered; `ca_file` is the content of ca.pem, which goes with the certificates.
fn finish(
    rendering: Rendering,
    out_dir: Option<&Path>,
    ca_file: Option<&[u8]>,
    settings: &Settings,
) -> Result<Outcome, Error> {
    let printed = |TextFile { name, content }: TextFile| RenderedFile {
        path: PathBuf::from(name),
        content: Some(content),
    };
    let files = match out_dir {
        Some(dir) => write(dir, &rendering, ca_file, settings)?,
        None => rendering.files.into_iter().map(printed).collect(),
    };
    let mut notes: Vec<Note> =
        rendering.notes.into_iter().map(|note| Note::plain(note, None)).collect();
    let keys = rendering.pairs.iter().filter_map(|pair| pair.key.as_ref());
    notes.extend(keys.filter_map(|key| notes::on_key(&key.path)));
    notes.extend(notes::on_unfinished(&settings.store));
    Ok(Outcome::Rendered(Box::new(Rendered {
        service: rendering.service,
        form: Some(rendering.form).filter(|form| !form.is_empty()),
        directory: out_dir.map(Path::to_owned),
        files,
        steps: rendering.steps,
        notes,
    })))
}

/// Writes settings and certificates below `dir`, as one set. Settings that are there with another content
/// are not overwritten: a user may have edited them.
fn write(
    dir: &Path,
    rendering: &Rendering,
    ca_file: Option<&[u8]>,
    settings: &Settings,
) -> Result<Vec<RenderedFile>, Error> {
    let locked = Store::new(dir).lock(&settings.lock_options(Missing::Create))?;
    let store = locked.store();
    let mut set = locked.file_set()?;
    let mut edited = Vec::new();
    let mut written = Vec::new();
    for text in &rendering.files {
        let (path, content) = (store.path(&text.name), &text.content);
        match store.read(&text.name, LIMIT) {
            Ok(present) if present == content.as_bytes() => {}
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                let slot = set.prepare(&text.name, Sensitivity::Public)?;
                set.write(slot, content.as_bytes())?;
            }
            _ => edited.push(path.clone()),
        }
        written.push(path);
    }
    if !edited.is_empty() {
        return Err(IssueError::Exists {
            paths: edited,
            hint: "name another directory with `--out-dir`, or move these files away".into(),
        }
        .into());
    }
    if let Some(ca_file) = ca_file {
        let readers = Readers::default();
        let copies = Copies {
            pairs: &rendering.pairs,
            ca_file,
            key: readers.clone(),
            certificate: readers,
            home: None,
        };
        let result = copies.stage(store, rendering.folder, &mut set)?;
        written.extend(result.copied.into_iter().map(|copied| copied.path));
    }
    set.commit()?;
    Ok(written.into_iter().map(|path| RenderedFile { path, content: None }).collect())
}
