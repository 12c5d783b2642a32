//! Two macros that turn a listing into a type, its lowering, its keys and its JSON Schema.
//!
//! ```text
//! keys! {                                    string_enum! {
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
//! Where the spec has the enum already, its words are documented with `impl BodyFormat { Form, }`, and the words of one
//! key that are only some of them with `pub struct ClientAuthMethod(ClientAuth) { BasicRaw = "basic", }`.
//!
//! The two lines `---` must stand there, even when nothing stands behind them. The macros decide nothing: the
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

        impl $crate::model::kit::value_type::Keys for $name {
            fn visit(visit: &mut dyn FnMut(&'static $crate::model::kit::value_type::KeyInfo)) {
                $( visit(key_info!(key_name!($field $($key)?), concat!($($key_doc, "\n"),+), $ty, false)); )*
                $( <$group_ty as $crate::model::kit::value_type::Keys>::visit(visit); )*
                $( visit(key_info!($dead, concat!($($dead_doc, "\n"),+), $dead_ty, true)); )*
                let _ = visit; // A listing may be empty.
            }

            fn from_mapping(
                mapping: &$crate::syntax::Mapping,
                lowering: &mut $crate::model::kit::lowering::Lowering<'_>,
            ) -> Option<Self> {
                $( let $field = lowering.key::<$ty>(mapping, key_name!($field $($key)?)); )*
                $( let $group = <$group_ty as $crate::model::kit::value_type::Keys>::from_mapping(mapping, lowering); )*
                let _ = (mapping, lowering);
                Some($name { $( $field: $field?, )* $( $group: $group?, )* })
            }
        }

        impl $crate::model::kit::value_type::ValueType for $name {
            fn type_name() -> String {
                "a map".to_owned()
            }

            fn plural() -> String {
                "maps".to_owned()
            }

            fn lower(
                node: &$crate::syntax::Node,
                lowering: &mut $crate::model::kit::lowering::Lowering<'_>,
            ) -> Option<Self> {
                lowering.fixed_map::<Self>(node)
            }

            fn below(visit: &mut dyn FnMut($crate::model::kit::value_type::Below)) {
                <Self as $crate::model::kit::value_type::Keys>::visit(&mut |key| visit($crate::model::kit::value_type::Below::Key(key)));
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
                $crate::model::kit::described::fixed_map::<Self>(concat!($($doc, "\n"),+), generator)
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
        static INFO: $crate::model::kit::value_type::KeyInfo = $crate::model::kit::value_type::KeyInfo {
            name: $name,
            doc: $doc,
            type_name: <$ty as $crate::model::kit::value_type::ValueType>::type_name,
            required: !$dead && <$ty as $crate::model::kit::value_type::ValueType>::REQUIRED,
            dead: $dead,
            check: |node, lowering| {
                let _ = <$ty as $crate::model::kit::value_type::ValueType>::lower(node, lowering);
            },
            identity: <$ty as $crate::model::kit::value_type::ValueType>::identity,
            values: <$ty as $crate::model::kit::value_type::ValueType>::values,
            below: <$ty as $crate::model::kit::value_type::ValueType>::below,
            #[cfg(feature = "schema")]
            schema: <$ty as $crate::model::kit::value_type::ValueType>::schema,
        };
        &INFO
    }};
}

/// A value that is one of a few words, from one listing.
macro_rules! string_enum {
    (
        $(#[doc = $doc:literal])+
        pub enum $name:ident { $( $(#[doc = $word_doc:literal])+ $variant:ident = $word:literal, )+ }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[doc = $word_doc])+ $variant, )+ }

        impl $crate::model::kit::string_enum::StringEnum for $name {
            const TEXTS: &'static [(&'static str, &'static str)] = &[$( ($word, concat!($($word_doc, "\n"),+)), )+];
            const VALUES: &'static [Self] = &[$( $name::$variant, )+];
        }
    };
    // The words of an enum of the spec, every one of them.
    (impl $name:ident { $( $(#[doc = $word_doc:literal])+ $variant:ident, )+ }) => {
        impl $crate::model::kit::string_enum::StringEnum for $name {
            const TEXTS: &'static [(&'static str, &'static str)] =
                &[$( ($name::$variant.name(), concat!($($word_doc, "\n"),+)), )+];
            const VALUES: &'static [Self] = &[$( $name::$variant, )+];
        }

        const _: fn($name) = |value| match value { $( $name::$variant => {} )+ };
    };
    // The words of one key, which are some of an enum of the spec, or other words than those of another key.
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident($of:ident) { $( $(#[doc = $word_doc:literal])+ $variant:ident = $word:literal, )+ }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $of);

        impl $crate::model::kit::string_enum::StringEnum for $name {
            const TEXTS: &'static [(&'static str, &'static str)] = &[$( ($word, concat!($($word_doc, "\n"),+)), )+];
            const VALUES: &'static [Self] = &[$( $name($of::$variant), )+];
        }
    };
}
