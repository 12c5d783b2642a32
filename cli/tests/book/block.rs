//! Pages and their blocks of code.

use std::path::Path;

/// A page of the book.
pub(crate) struct Page {
    /// Its path below the folder, with `/`.
    pub(crate) name: String,
    text: String,
}

/// A block of code.
pub(crate) struct Block {
    /// The text after the three backticks.
    pub(crate) info: String,
    /// The code.
    pub(crate) text: String,
    /// The line of its beginning, from 1.
    pub(crate) line: usize,
}

impl Page {
    /// Every page below a folder but the table of contents, sorted.
    pub(crate) fn all(folder: &Path) -> Vec<Page> {
        let mut pages = Vec::new();
        collect(folder, "", &mut pages);
        pages.sort_by(|a, b| a.name.cmp(&b.name));
        pages
    }

    /// Its blocks, in order.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut is_open = false;
        for (index, line) in self.text.lines().enumerate() {
            match line.strip_prefix("```") {
                Some(_) if is_open => is_open = false,
                Some(info) => {
                    is_open = true;
                    blocks.push(Block { info: info.to_owned(), text: String::new(), line: index + 1 });
                }
                None if is_open => blocks.last_mut().unwrap().text.extend([line, "\n"]),
                None => {}
            }
        }
        blocks
    }
}

impl Block {
    /// The tag's first word.
    pub(crate) fn language(&self) -> &str {
        self.info.split(',').next().unwrap_or_default()
    }

    /// True if the tag has a word.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.info.split(',').skip(1).any(|known| known == word)
    }

    /// The value of a word `name=value` of the tag.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.info.split(',').skip(1).find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }
}

fn collect(folder: &Path, above: &str, pages: &mut Vec<Page>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{above}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), pages);
        } else if path.extension().is_some_and(|extension| extension == "md") && name != "SUMMARY.md" {
            pages.push(Page { name, text: std::fs::read_to_string(path).unwrap() });
        }
    }
}
