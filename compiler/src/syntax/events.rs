//! The YAML crate behind a small adapter: events with byte ranges.
//!
//! Nothing else in this project names that crate. `builder` makes the tree, `scalar` the types of scalars.

use granit_parser::{Event as RawEvent, Options, Parser, ScalarStyle, Tag};
use std::borrow::Cow;
use std::ops::Range;

/// A parser event, as the tree builder needs it.
#[derive(Debug)]
pub(super) enum Event<'a> {
    /// The start of a document.
    DocumentStart,
    /// A scalar.
    Scalar { text: Cow<'a, str>, plain: bool, anchor: usize, tag: Option<String> },
    /// A list begins.
    SequenceStart { anchor: usize, tag: Option<String> },
    /// A map begins.
    MappingStart { anchor: usize, tag: Option<String> },
    /// The innermost list or map ends.
    End,
    /// A reference to an anchor.
    Alias(usize),
    /// Of no interest.
    Other,
}

/// Why the text is not YAML, and at which byte.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) offset: usize,
    pub(super) message: String,
}

/// Events of `text`, up to and including the first error. Depth is bounded by the parser at 255.
pub(super) fn events(text: &str) -> impl Iterator<Item = Result<(Event<'_>, Range<usize>), SyntaxError>> {
    let mut options = Options::default();
    options.flow_nesting_limit = 255;
    options.block_nesting_limit = 255;
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        match parser.next_event()? {
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or(0..0);
                Some(Ok((convert(event), range)))
            }
            Err(error) => {
                done = true;
                let offset = error.marker().byte_offset().unwrap_or(0).min(text.len());
                Some(Err(SyntaxError { offset, message: error.info().clone() }))
            }
        }
    })
}

fn convert(event: RawEvent<'_>) -> Event<'_> {
    match event {
        RawEvent::DocumentStart(..) => Event::DocumentStart,
        RawEvent::Alias(id) => Event::Alias(id),
        RawEvent::Scalar(text, style, anchor, tag) => {
            Event::Scalar { text, plain: matches!(style, ScalarStyle::Plain), anchor, tag: tag_name(tag) }
        }
        RawEvent::SequenceStart(_, anchor, tag) => Event::SequenceStart { anchor, tag: tag_name(tag) },
        RawEvent::MappingStart(_, anchor, tag) => Event::MappingStart { anchor, tag: tag_name(tag) },
        RawEvent::SequenceEnd | RawEvent::MappingEnd => Event::End,
        _ => Event::Other,
    }
}

fn tag_name(tag: Option<Cow<'_, Tag>>) -> Option<String> {
    tag.map(|tag| tag.original())
}
