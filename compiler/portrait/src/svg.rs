//! The picture of a flow.
//!
//! Lines and letters have the colour of the text around them (`currentColor`), boxes are tinted: so a picture in a page
//! follows the page's theme, also one that the reader chose there. A picture that stands alone has colours for light
//! and dark. What the arrows say is a description, for those who do not see them.

use crate::flow::{Flow, FlowLine, FlowMessage, FlowStep, PartyRole};
use crate::layout::{LabelStyle, Layout, WIDTH, layout};
use crate::text::without_directives;
use askama::Template;

/// Where a picture stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// In a page, whose colour of text it takes. It has no blank line, which would end the HTML of a Markdown page.
    Page,
    /// In a file of its own.
    File,
}

/// The picture of a flow, as SVG.
pub fn picture(flow: &Flow, frame: Frame) -> String {
    let picture = Picture {
        title: format!("{}: the requests in order", flow.title),
        description: description(flow),
        width: WIDTH,
        layout: layout(flow),
        is_file: frame == Frame::File,
    };
    // Writing to a text fails where a value cannot be shown; all of these can.
    let markup = picture.render().unwrap_or_default();
    without_directives(&markup.lines().filter(|line| !line.trim().is_empty()).map(trimmed).collect::<String>())
}

fn trimmed(line: &str) -> String {
    format!("{}\n", line.trim())
}

#[derive(Template)]
#[template(path = "flow.svg")]
struct Picture {
    title: String,
    description: String,
    width: f32,
    layout: Layout,
    is_file: bool,
}

/// The colour of a party's box.
fn tint(role: PartyRole) -> &'static str {
    match role {
        PartyRole::Customer => "#7b8794",
        PartyRole::Program => "#2c9a8f",
        PartyRole::Authorization => "#c98a1b",
        PartyRole::Api => "#3d7fd0",
    }
}

/// The class of a line of text; an empty one for the usual looks.
fn class(style: LabelStyle) -> &'static str {
    match style {
        LabelStyle::Code => "kw-c",
        LabelStyle::Plain => "",
        LabelStyle::Muted => "kw-m",
    }
}

/// The steps as sentences.
fn description(flow: &Flow) -> String {
    let name = |role: PartyRole| {
        flow.parties.iter().find(|party| party.role == role).map(|party| party.name.as_str()).unwrap_or_default()
    };
    let sentence = |message: &FlowMessage| {
        let lines: Vec<&str> = message.lines.iter().map(FlowLine::text).collect();
        let said = lines.join("; ");
        if message.from == message.to {
            format!("{} {said}.", name(message.from))
        } else {
            let verb = if message.is_answer { "answers" } else { "to" };
            format!("{} {verb} {}: {said}.", name(message.from), name(message.to))
        }
    };
    let step = |step: &FlowStep| match step {
        FlowStep::Phase(title) => format!("{title}:"),
        FlowStep::Message(message) => sentence(message),
    };
    flow.steps.iter().map(step).collect::<Vec<_>>().join(" ")
}
