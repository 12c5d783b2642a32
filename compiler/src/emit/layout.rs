//! Adjusts formatted code: if a list is the only argument of a call, both brackets stand together.
//!
//! Works on lines, because no literal of generated code spans two of them.

/// The width of one level.
const LEVEL: usize = 4;

/// `call(` and `&[` on lines of their own become `call(&[`; what stands between moves one level to the left.
pub(super) fn hug(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut hugged = String::with_capacity(text.len());
    // The indentation of each list that is open and was moved up.
    let mut open: Vec<usize> = Vec::new();
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let next = lines.get(index + 1).copied().unwrap_or_default();
        if open.last() == Some(&indentation(line)) && line.trim_start().starts_with(']') {
            open.pop();
            push(&mut hugged, next, open.len(), "]", "");
            index += 2;
        } else if line.ends_with('(') && next.trim_start() == "&[" && is_only_argument(&lines, index + 1) {
            push(&mut hugged, line, open.len(), "", "&[");
            open.push(indentation(next));
            index += 2;
        } else {
            push(&mut hugged, line, open.len(), "", "");
            index += 1;
        }
    }
    hugged
}

/// True if the list that begins at a line ends right before a closing parenthesis.
fn is_only_argument(lines: &[&str], start: usize) -> bool {
    let level = indentation(lines[start]);
    let end = lines.iter().skip(start + 1).position(|line| indentation(line) == level && !line.is_empty());
    let after = end.and_then(|end| lines.get(start + 1 + end..start + 3 + end));
    after.is_some_and(|after| after[0].trim_start() == "]," && after[1].trim_start().starts_with(')'))
}

/// A line, moved to the left by some levels, with a text before and after what it says.
fn push(text: &mut String, line: &str, levels: usize, before: &str, behind: &str) {
    let indentation = indentation(line).saturating_sub(levels * LEVEL);
    text.extend(std::iter::repeat_n(' ', indentation));
    text.push_str(before);
    text.push_str(line.trim_start());
    text.push_str(behind);
    text.push('\n');
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_the_only_argument_stands_at_its_call() {
        for (before, after) in [
            ("a(\n    &[\n        b,\n    ],\n)\n", "a(&[\n    b,\n])\n"),
            (
                "a(\n    &[\n        b(\n            &[\n                c,\n            ],\n        ),\n        d,\n    ],\n);\n",
                "a(&[\n    b(&[\n        c,\n    ]),\n    d,\n]);\n",
            ),
            ("a(\n    b,\n    &[\n        c,\n    ],\n)\n", "a(\n    b,\n    &[\n        c,\n    ],\n)\n"),
            ("a(\n    &[\n        b,\n    ],\n    c,\n)\n", "a(\n    &[\n        b,\n    ],\n    c,\n)\n"),
            ("a: &[\n    b,\n],\n", "a: &[\n    b,\n],\n"),
        ] {
            assert_eq!(hug(before), after);
        }
    }
}
