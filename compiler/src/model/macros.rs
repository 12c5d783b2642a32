//! Two macros that turn a listing into a type, its lowering, its keys and its JSON Schema.
//!
//! ```text
//! keys! {                                    words! {
//!     /// What the map is.                       /// What the value is.
//!     pub struct Example {                       pub enum Colour {
//!         /// Required: not an `Option`.             /// What it means.
//!         base_url: Str,                             Red = "red",
//!         /// Another name in the file.          }
//!         kind = "type": Option<Str>,        }
//!         ---
//!         /// The keys of another listing, at the same level.
//!         group: Group,
//!         ---
//!         /// Accepted, checked, and read by nothing.
//!         "old_key": Str,
//!     }
//! }
//! ```
//!
//! The two lines `---` must stand there, even when nothing stands after them. The macros decide nothing: the
//! behaviour is in `shape` and `lowering`.

/// A map whose keys the format fixes, from one listing.
macro_rules! keys {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident {
            $( $(#[doc = $key_doc:literal])+ $field:ident $(= $key:literal)? : $ty:ty, )*
            ---
            $( $(#[doc = $group_doc:literal])+ $group:ident : $group_ty:ty, )*
            ---
            $( $(#[doc = $dead_doc:literal])+ $dead:literal : $dead_ty:ty, )*
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[doc = $key_doc])+ pub $field: $ty, )*
            $( $(#[doc = $group_doc])+ pub $group: $group_ty, )*
        }

        impl $crate::model::shape::Keys for $name {
            fn visit(visit: &mut dyn FnMut(&'static $crate::model::shape::KeyInfo)) {
                $( visit(key_info!(key_name!($field $($key)?), concat!($($key_doc, "\n"),+), $ty, false)); )*
                $( <$group_ty as $crate::model::shape::Keys>::visit(visit); )*
                $( visit(key_info!($dead, concat!($($dead_doc, "\n"),+), $dead_ty, true)); )*
                let _ = visit; // A listing may be empty.
            }

            fn from_mapping(
                mapping: &$crate::syntax::Mapping,
                lowering: &mut $crate::model::lowering::Lowering<'_>,
            ) -> Option<Self> {
                $( let $field = lowering.key::<$ty>(mapping, key_name!($field $($key)?)); )*
                $( let $group = <$group_ty as $crate::model::shape::Keys>::from_mapping(mapping, lowering); )*
                let _ = (mapping, lowering);
                Some($name { $( $field: $field?, )* $( $group: $group?, )* })
            }
        }

        impl $crate::model::shape::Shape for $name {
            fn words() -> String {
                "a map".to_owned()
            }

            fn plural() -> String {
                "maps".to_owned()
            }

            fn lower(
                node: &$crate::syntax::Node,
                lowering: &mut $crate::model::lowering::Lowering<'_>,
            ) -> Option<Self> {
                lowering.fixed_map::<Self>(node)
            }

            fn below(visit: &mut dyn FnMut($crate::model::shape::Below)) {
                <Self as $crate::model::shape::Keys>::visit(&mut |key| visit($crate::model::shape::Below::Key(key)));
            }

            #[cfg(feature = "schema")]
            fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::model::described::fixed_map::<Self>(concat!($($doc, "\n"),+), generator)
            }
        }
    };
}

/// The key of a field: its own name unless the listing gives another.
macro_rules! key_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

/// The static description of one key.
macro_rules! key_info {
    ($name:expr, $doc:expr, $ty:ty, $dead:literal) => {{
        static INFO: $crate::model::shape::KeyInfo = $crate::model::shape::KeyInfo {
            name: $name,
            doc: $doc,
            words: <$ty as $crate::model::shape::Shape>::words,
            required: !$dead && <$ty as $crate::model::shape::Shape>::REQUIRED,
            dead: $dead,
            check: |node, lowering| {
                let _ = <$ty as $crate::model::shape::Shape>::lower(node, lowering);
            },
            identity: <$ty as $crate::model::shape::Shape>::identity,
            values: <$ty as $crate::model::shape::Shape>::values,
            below: <$ty as $crate::model::shape::Shape>::below,
            #[cfg(feature = "schema")]
            schema: <$ty as $crate::model::shape::Shape>::schema,
        };
        &INFO
    }};
}

/// A value that is one of a few words, from one listing.
macro_rules! words {
    (
        $(#[doc = $doc:literal])+
        pub enum $name:ident { $( $(#[doc = $word_doc:literal])+ $variant:ident = $word:literal, )+ }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[doc = $word_doc])+ $variant, )+ }

        impl $crate::model::word::Word for $name {
            const WORDS: &'static [(&'static str, &'static str)] = &[$( ($word, concat!($($word_doc, "\n"),+)), )+];
            const VALUES: &'static [Self] = &[$( $name::$variant, )+];
        }
    };
}
