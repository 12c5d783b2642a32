use keyway_compiler::*;
use std::time::Instant;
fn main() {
    let text = std::fs::read_to_string("../shared/corpus/nango-providers.yaml").unwrap();
    let mut sources = source::Sources::default();
    let file = sources.add("x", text.as_str());
    for _ in 0..4 {
        let t = Instant::now();
        let (document, _) = syntax::parse(file, &text);
        let parse = t.elapsed();
        let t = Instant::now();
        let keys = document.keys();
        let (entries, _) = resolve::resolve(document);
        let res = t.elapsed();
        let t = Instant::now();
        let low: Vec<_> = entries.iter().map(model::lower).collect();
        let model = t.elapsed();
        let t = Instant::now();
        let verdicts: Vec<_> = entries.iter().zip(&low).map(|(e, (_, f))| (e, f.has_errors())).collect();
        let c = schema::cross_check(&verdicts);
        let schema = t.elapsed();
        let t = Instant::now();
        let refs: Vec<_> = entries.iter().collect();
        let found = rules::check(&refs, &keys);
        let rules = t.elapsed();
        let n = found.len();
        let t = Instant::now();
        let f = resolve::fold_inherited(found, &entries);
        let fold = t.elapsed();
        let t = Instant::now();
        let providers: Vec<_> = low.into_iter().filter_map(|l| l.0).collect();
        let mut f = rules::silence(f, &providers, &rules::names());
        f.finish();
        let sil = t.elapsed();
        let t = Instant::now();
        let checked = pipeline::check(&sources, file);
        let total = t.elapsed();
        println!(
            "parse {parse:.1?} resolve {res:.1?} model {model:.1?} schema {schema:.1?} rules {rules:.1?} ({n}) fold {fold:.1?} silence {sil:.1?} total check {total:.1?} {} {}",
            checked.diagnostics.len(),
            c.len()
        );
    }
}
