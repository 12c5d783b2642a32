//! Text for people, in the look of rustc.
//!
//! The renderer sees a few lines around each label, never the whole file, so the cost of a finding does not grow with
//! the file. A label over several lines marks its first one. Keys in the lines are stars. The caller decides whether
//! there are colours.

use crate::diagnostic::secrets::starred;
use crate::diagnostic::{Diagnostic, Edit, Fix, Severity};
use crate::source::{FileId, SourceFile, Sources, Span};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};
use std::borrow::Cow;

/// Whether the text carries colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Plain text.
    Plain,
    /// ANSI escape codes.
    Colour,
}

/// The number of lines around a label that the renderer gets.
const AROUND: usize = 2;
/// Labels at most this many lines apart share one snippet.
const NEAR: usize = 30;
/// A window of more bytes is not shown: people do not read such lines.
const MAX_WINDOW: usize = 16_384;

/// One finding, without a line break at the end. The edit of a fix is shown under the help; its title only where there
/// is no help.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let title = level(diagnostic.severity).primary_title(&diagnostic.message).id(diagnostic.rule.code);
    let mut main = Group::with_title(title);
    for cluster in clusters(diagnostic, sources) {
        let hidden = diagnostic.is_secret.then_some(diagnostic.primary.span);
        main = match cluster.snippet(sources, hidden) {
            Shown::Lines(snippet) => main.element(snippet),
            Shown::Place(origin) => main.element(origin),
            Shown::Nothing => main,
        };
    }
    let mut report = vec![main];
    if let Some(help) = diagnostic.help.as_ref().or(diagnostic.fix.as_ref().map(|fix| &fix.title)) {
        let shown = diagnostic.fix.as_ref().map(|fix| patches(fix, sources)).unwrap_or_default();
        report.push(shown.into_iter().fold(Group::with_title(Level::HELP.secondary_title(help)), Group::element));
    }
    renderer(style).render(&report)
}

fn renderer(style: Style) -> Renderer {
    match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// Labels that are shown in one snippet.
struct Cluster<'a> {
    file: FileId,
    /// First and last line, from 0.
    lines: (usize, usize),
    labels: Vec<(AnnotationKind, Span, &'a str)>,
}

/// The visible part of a cluster.
enum Shown<'a> {
    Lines(Snippet<'a, Annotation<'a>>),
    Place(Origin<'a>),
    Nothing,
}

/// The labels by nearness; the cluster of the primary one comes first, the others in order of place.
fn clusters<'a>(diagnostic: &'a Diagnostic, sources: &Sources) -> Vec<Cluster<'a>> {
    let primary = (AnnotationKind::Primary, diagnostic.primary.span, diagnostic.primary.text.as_str());
    let others = diagnostic.secondary.iter().map(|label| (AnnotationKind::Context, label.span, label.text.as_str()));
    let mut labels: Vec<_> = std::iter::once(primary).chain(others).collect();
    labels.sort_by_key(|(_, span, _)| *span);

    let mut clusters: Vec<Cluster<'a>> = Vec::new();
    for label in labels {
        let line = sources.get(label.1.file).map_or(0, |file| file.lines().line(label.1.range().start));
        match clusters.last_mut() {
            Some(cluster) if cluster.file == label.1.file && line - cluster.lines.1 <= NEAR => {
                cluster.lines.1 = line;
                cluster.labels.push(label);
            }
            _ => clusters.push(Cluster { file: label.1.file, lines: (line, line), labels: vec![label] }),
        }
    }
    clusters.sort_by_key(|cluster| !cluster.labels.iter().any(|(_, span, _)| *span == diagnostic.primary.span));
    clusters
}

impl<'a> Cluster<'a> {
    fn snippet(&self, sources: &'a Sources, hidden: Option<Span>) -> Shown<'a> {
        let Some(file) = sources.get(self.file) else { return Shown::Nothing };
        let Some((base, text)) = window(file, self.lines) else {
            let at = self.labels.first().map(|(_, span, _)| file.line_column(span.range().start));
            let origin = Origin::path(file.name.as_str());
            return Shown::Place(at.map_or(origin.clone(), |at| origin.line(at.line).char_column(at.column)));
        };
        let annotations = self.labels.iter().map(|(kind, span, label)| {
            let annotation = kind.span(first_line(*span, base, text));
            if label.is_empty() { annotation } else { annotation.label((*label).to_owned()) }
        });
        let first = self.lines.0.saturating_sub(AROUND);
        Shown::Lines(
            Snippet::source(shown(text, base, hidden))
                .line_start(first + 1)
                .path(file.name.as_str())
                .annotations(annotations.collect::<Vec<_>>()),
        )
    }
}

/// One snippet for each line with edits, so that edits far apart stay cheap.
fn patches<'a>(fix: &'a Fix, sources: &'a Sources) -> Vec<Snippet<'a, Patch<'a>>> {
    let lines = |edit: &Edit| {
        let file = sources.get(edit.span.file)?;
        let range = edit.span.range();
        Some((edit.span.file, file.lines().line(range.start), file.lines().line(range.end)))
    };
    let on_one_line = |one: &Edit, next: &Edit| {
        let (one, next) = (lines(one), lines(next));
        one == next && one.is_some_and(|(_, first, last)| first == last)
    };
    let shown = fix.edits.chunk_by(on_one_line).filter_map(|edits| {
        let (file, first, last) = lines(edits.first()?)?;
        let file = sources.get(file)?;
        let (base, text) = window(file, (first, last))?;
        let mut ranges = Vec::with_capacity(edits.len());
        for edit in edits {
            let range = edit.span.range();
            let range = range.start.checked_sub(base)?..range.end.checked_sub(base)?;
            text.get(range.clone())?;
            ranges.push(Patch::new(range, &edit.replacement));
        }
        let start = first.saturating_sub(AROUND) + 1;
        let snippet = Snippet::source(starred(text)).line_start(start).path(file.name.as_str());
        Some(ranges.into_iter().fold(snippet, Snippet::patch))
    });
    shown.collect()
}

/// The lines at `base` without keys, and without what stands at a span.
fn shown(text: &str, base: usize, hidden: Option<Span>) -> Cow<'_, str> {
    let Some(range) = hidden.and_then(|span| {
        let range = span.range();
        Some(range.start.checked_sub(base)?..range.end.checked_sub(base)?)
    }) else {
        return starred(text);
    };
    let (Some(before), Some(secret), Some(behind)) =
        (text.get(..range.start), text.get(range.clone()), text.get(range.end..))
    else {
        return starred(text);
    };
    let stars = secret.bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' });
    Cow::Owned(starred(&[before, &stars.collect::<String>(), behind].concat()).into_owned())
}

/// The text of some lines and of those around them, and the byte it begins at; nothing if it is too long.
fn window(file: &SourceFile, (first, last): (usize, usize)) -> Option<(usize, &str)> {
    let start = file.lines().start(first.saturating_sub(AROUND));
    let behind = last + AROUND + 1;
    let end = if behind < file.lines().len() { file.lines().start(behind) } else { file.text.len() };
    let text = file.text.get(start..end)?;
    (text.len() <= MAX_WINDOW).then_some((start, text))
}

/// The part of a span on its first line, in bytes of the window.
fn first_line(span: Span, base: usize, window: &str) -> std::ops::Range<usize> {
    let floor = |at: usize| (0..=at.min(window.len())).rev().find(|at| window.is_char_boundary(*at)).unwrap_or(0);
    let start = floor(span.range().start.saturating_sub(base));
    let end = floor(span.range().end.saturating_sub(base)).max(start);
    let marked = window.get(start..end).unwrap_or("");
    start..start + marked.lines().next().unwrap_or("").trim_end().len()
}
