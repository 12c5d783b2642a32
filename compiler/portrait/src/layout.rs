//! Where each part of a flow stands in its picture: boxes at the top, lines down from them, arrows between the lines.
//!
//! Every picture is [`WIDTH`] wide, so letters have one size on every page, and as high as it has to be. A label stands
//! above its arrow; a lifeline that would run through a label or a note has a gap there, so that a picture needs no
//! colour of its background.

use crate::flow::{Flow, FlowLine, FlowMessage, FlowStep, Party, PartyRole};
use crate::text::{Face, width, wrap};

/// The width of every picture.
pub(crate) const WIDTH: f32 = 760.0;

const BOX_WIDTH: f32 = 160.0;
/// The most lines below the name in a box.
const MAX_ABOUT: usize = 4;
const LINE_HEIGHT: f32 = 16.0;
/// The most lines that one line of a message is broken into.
const MAX_BROKEN: usize = 3;

/// A picture without its markup.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    pub(crate) height: f32,
    pub(crate) heads: Vec<Head>,
    pub(crate) phases: Vec<PhaseHeading>,
    pub(crate) lifelines: Vec<Lifeline>,
    pub(crate) arrows: Vec<Arrow>,
    pub(crate) notes: Vec<NoteBox>,
    pub(crate) labels: Vec<Label>,
}

/// The box at the top of a column.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) role: PartyRole,
    pub(crate) left: f32,
    pub(crate) middle: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) name: String,
}

/// A heading between steps, with a rule behind it.
#[derive(Clone, Debug)]
pub(crate) struct PhaseHeading {
    pub(crate) y: f32,
    pub(crate) rule_from: f32,
    pub(crate) text: String,
}

/// A piece of the line below a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Lifeline {
    pub(crate) x: f32,
    pub(crate) top: f32,
    pub(crate) bottom: f32,
}

/// An arrow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrow {
    pub(crate) from: f32,
    pub(crate) to: f32,
    pub(crate) y: f32,
    pub(crate) is_answer: bool,
}

/// The box around what a party does by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoteBox {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// A line of text, centred.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) text: String,
    pub(crate) style: LabelStyle,
}

/// The looks of a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LabelStyle {
    /// As it is sent.
    Code,
    /// In words.
    Plain,
    /// In words that explain the line above.
    Muted,
}

impl LabelStyle {
    fn face(self) -> Face {
        match self {
            LabelStyle::Code => Face::Mono,
            LabelStyle::Plain | LabelStyle::Muted => Face::Sans,
        }
    }
}

/// A gap in the lifeline at `x`.
#[derive(Clone, Copy, Debug)]
struct Gap {
    x: f32,
    top: f32,
    bottom: f32,
}

/// The places of a flow.
pub(crate) fn layout(flow: &Flow) -> Layout {
    let columns = PartyColumns { roles: flow.parties.iter().map(|party| party.role).collect() };
    let mut layout = Layout::default();
    let top = heads(flow, &columns, &mut layout);
    let mut gaps = Vec::new();
    let mut y = top;
    for step in &flow.steps {
        y = match step {
            FlowStep::Phase(text) => phase(text, &columns, y, &mut layout, &mut gaps),
            FlowStep::Message(message) if message.from == message.to => {
                note(message, &columns, y, &mut layout, &mut gaps)
            }
            FlowStep::Message(message) => arrow(message, &columns, y, &mut layout, &mut gaps),
        };
    }
    let bottom = y + 14.0;
    for role in &columns.roles {
        layout.lifelines.extend(pieces(columns.x(*role), top, bottom, &gaps));
    }
    layout.height = bottom + 6.0;
    layout
}

/// The columns, from left to right.
struct PartyColumns {
    roles: Vec<PartyRole>,
}

impl PartyColumns {
    fn x(&self, role: PartyRole) -> f32 {
        self.at(self.roles.iter().position(|known| *known == role).unwrap_or(0))
    }

    fn at(&self, index: usize) -> f32 {
        // Most is said between a program and an authorization server, so there is the most room.
        let places: &[f32] = match self.roles.len() {
            0..=2 => &[170.0, WIDTH - 170.0],
            3 => &[82.0, WIDTH / 2.0, WIDTH - 82.0],
            _ => &[82.0, 266.0, 508.0, WIDTH - 82.0],
        };
        places.get(index).copied().unwrap_or(WIDTH / 2.0)
    }

    /// The columns strictly between two places.
    fn between(&self, left: f32, right: f32) -> impl Iterator<Item = f32> {
        (0..self.roles.len()).map(|index| self.at(index)).filter(move |x| *x > left && *x < right)
    }
}

/// The boxes, all as high as the highest; the place below them.
fn heads(flow: &Flow, columns: &PartyColumns, layout: &mut Layout) -> f32 {
    let about = |party: &Party| -> Vec<String> {
        let lines = party.about.iter().flat_map(|text| wrap(text, Face::Sans, BOX_WIDTH - 8.0, 2));
        lines.take(MAX_ABOUT).collect()
    };
    let abouts: Vec<Vec<String>> = flow.parties.iter().map(about).collect();
    let lines = abouts.iter().map(Vec::len).max().unwrap_or(0);
    let height = 32.0 + below(lines);
    for (Party { role, name, .. }, about) in flow.parties.iter().zip(abouts) {
        let middle = columns.x(*role);
        let left = middle - BOX_WIDTH / 2.0;
        layout.heads.push(Head { role: *role, left, middle, width: BOX_WIDTH, height, name: name.clone() });
        for (line, text) in about.into_iter().enumerate() {
            layout.labels.push(Label { x: middle, y: 38.0 + below(line), text, style: LabelStyle::Muted });
        }
    }
    height + 4.0
}

/// The height of a number of lines.
fn below(lines: usize) -> f32 {
    (0..lines).map(|_| LINE_HEIGHT).sum()
}

fn phase(text: &str, columns: &PartyColumns, y: f32, layout: &mut Layout, gaps: &mut Vec<Gap>) -> f32 {
    let at = y + 32.0;
    // Headings are written a size larger, and bolder, than what `width` measures.
    let rule_from = (4.0 + width(text, Face::Sans) * 1.24 + 8.0).round();
    layout.phases.push(PhaseHeading { y: at, rule_from, text: text.to_owned() });
    gaps.extend(columns.between(0.0, rule_from).map(|x| Gap { x, top: at - 14.0, bottom: at + 5.0 }));
    at + 6.0
}

fn arrow(message: &FlowMessage, columns: &PartyColumns, y: f32, layout: &mut Layout, gaps: &mut Vec<Gap>) -> f32 {
    let (from, to) = (columns.x(message.from), columns.x(message.to));
    let (left, right) = (from.min(to), from.max(to));
    let lines = broken(&message.lines, right - left - 14.0);
    let middle = f32::midpoint(left, right);
    let top = y + 8.0;
    let end = top + below(lines.len());
    for (index, (text, style)) in lines.iter().enumerate() {
        layout.labels.push(Label { x: middle, y: top + below(index) + 12.0, text: text.clone(), style: *style });
    }
    let half = widest(&lines) / 2.0 + 4.0;
    let covered = columns.between(left, right).filter(|x| (x - middle).abs() < half);
    gaps.extend(covered.map(|x| Gap { x, top: top - 1.0, bottom: end + 2.0 }));
    let at = end + 7.0;
    layout.arrows.push(Arrow { from, to, y: at, is_answer: message.is_answer });
    at + 7.0
}

fn note(message: &FlowMessage, columns: &PartyColumns, y: f32, layout: &mut Layout, gaps: &mut Vec<Gap>) -> f32 {
    let lines = broken(&message.lines, BOX_WIDTH + 65.0);
    let width = widest(&lines).ceil() + 20.0;
    let x = columns.x(message.from).clamp(width / 2.0 + 2.0, WIDTH - width / 2.0 - 2.0);
    let (top, height) = (y + 10.0, below(lines.len()) + 12.0);
    layout.notes.push(NoteBox { left: x - width / 2.0, top, width, height });
    for (index, (text, style)) in lines.into_iter().enumerate() {
        layout.labels.push(Label { x, y: top + below(index) + 18.0, text, style });
    }
    let covered = columns.between(x - width / 2.0, x + width / 2.0);
    gaps.extend(covered.map(|x| Gap { x, top, bottom: top + height }));
    top + height + 4.0
}

/// The lines of a message in lines of a width, each with its looks.
fn broken(lines: &[FlowLine], limit: f32) -> Vec<(String, LabelStyle)> {
    let each = |(index, line): (usize, &FlowLine)| {
        let style = match line {
            FlowLine::Code(_) => LabelStyle::Code,
            FlowLine::Words(_) if index == 0 => LabelStyle::Plain,
            FlowLine::Words(_) => LabelStyle::Muted,
        };
        let parts = wrap(line.text(), style.face(), limit, MAX_BROKEN);
        parts.into_iter().map(|part| (part, style)).collect::<Vec<_>>()
    };
    lines.iter().enumerate().flat_map(each).collect()
}

fn widest(lines: &[(String, LabelStyle)]) -> f32 {
    lines.iter().map(|(text, style)| width(text, style.face())).fold(0.0, f32::max)
}

/// A line from top to bottom without its gaps, which stand in order.
fn pieces(x: f32, top: f32, bottom: f32, gaps: &[Gap]) -> Vec<Lifeline> {
    let mut pieces = Vec::new();
    let mut from = top;
    for gap in gaps.iter().filter(|gap| (gap.x - x).abs() < 0.5) {
        pieces.push(Lifeline { x, top: from, bottom: gap.top });
        from = gap.bottom;
    }
    pieces.push(Lifeline { x, top: from, bottom });
    pieces.retain(|piece| piece.bottom > piece.top);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifeline_ends_where_a_label_begins() {
        let gaps = [Gap { x: 10.0, top: 20.0, bottom: 30.0 }, Gap { x: 99.0, top: 0.0, bottom: 90.0 }];
        let piece = |top, bottom| Lifeline { x: 10.0, top, bottom };
        assert_eq!(pieces(10.0, 0.0, 50.0, &gaps), [piece(0.0, 20.0), piece(30.0, 50.0)]);
        assert_eq!(pieces(10.0, 20.0, 30.0, &gaps), []);
    }
}
