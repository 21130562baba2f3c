//! `certctl inspect`: shows the content and the validity of files.

mod reader_pool;

use time::OffsetDateTime;

use super::{
    served,
    source::{self, Source},
};
use crate::{
    cli::InspectArgs,
    config::Settings,
    error::Error,
    issue::notes,
    report::{
        Outcome,
        inspect_report::{Collector, Detail, InspectOptions, Inspection},
        output::{Format, OutputOptions},
        terminal,
    },
};
use reader_pool::ReaderPool;

/// The maximum of certificates that are not due in a table of `--expires-within`.
const SOONEST: usize = 1000;

pub(crate) fn run(
    args: &InspectArgs,
    settings: &Settings,
    shown: &OutputOptions,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    let mut notes = Vec::new();
    let sources = if args.paths.is_empty() && !args.server.connect.is_empty() {
        Vec::new()
    } else {
        Source::all(&args.paths, settings, &mut notes)
    };
    let walks = sources.iter().any(|source| matches!(source, Ok(Source::Directory(_))));
    let keep = match (shown.format, args.expires_within) {
        (Format::Text, Some(_)) if walks => Detail::Urgent(SOONEST),
        (Format::Text, _) if walks || sources.len() > 1 => Detail::Rows,
        _ => Detail::Everything,
    };
    let width = shown.out_file.is_none().then(terminal::width).flatten();
    let terms = InspectOptions { now, window: args.expires_within, keep, width };

    let password = args.password_file.as_deref().map(source::password).transpose()?;
    let readers = ReaderPool {
        terms,
        password: password.as_ref().map(|it| it.as_str()),
        quiet: settings.quiet,
    };
    let mut collector = Collector::new(terms);
    for source in sources {
        match source {
            Ok(Source::Directory(path)) => collector.merge(readers.walk(&path, args.recursive)),
            Ok(Source::File(path)) => readers.take(&path, &mut collector),
            // An unreadable source must not hide the others.
            Err(error) => collector.fail(error),
        }
    }
    let probed = served::look_at_all(&args.server, args.host.as_slice());
    for (endpoint, probed) in args.server.connect.iter().zip(probed) {
        match probed {
            Ok(served) => collector.add_server(&endpoint.to_string(), served),
            Err(error) => collector.fail(error),
        }
    }
    if args.expires_within.is_some() && collector.is_undated() {
        let first = args.paths.first().map_or(settings.store.dir(), |path| path);
        collector.fail(if first.is_dir() {
            source::nothing_in(first, collector.skipped())
        } else {
            let reason = "it has no certificate or CRL".to_owned();
            Error::NothingToCheck { path: first.to_owned(), reason }
        });
    }
    for note in notes {
        collector.note(Some(note));
    }
    collector.note(source::denied(collector.denied()));
    collector.note(notes::on_unfinished(&settings.store));
    Ok(Outcome::Inspected(Box::new(Inspection::new(collector))))
}
