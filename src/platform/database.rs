//! A database of this browser: texts under keys, in the order of the keys.
//!
//! There may be none (private browsing, a policy), it may be full, and another page may delete it at
//! any time. Each of these is an error here and nothing more. Only the methods that are used are
//! bound: the whole of IndexedDB costs people ten times the bytes.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The only table.
const STORE: &str = "records";

#[wasm_bindgen]
extern "C" {
    type Factory;
    #[wasm_bindgen(method, catch)]
    fn open(this: &Factory, name: &str, version: u32) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch, js_name = deleteDatabase)]
    fn delete_database(this: &Factory, name: &str) -> Result<Request, JsValue>;

    #[derive(Clone)]
    type Request;
    #[wasm_bindgen(method, getter, catch)]
    fn result(this: &Request) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, setter)]
    fn set_onsuccess(this: &Request, handler: &Function);
    #[wasm_bindgen(method, setter)]
    fn set_onerror(this: &Request, handler: &Function);
    #[wasm_bindgen(method, setter)]
    fn set_onupgradeneeded(this: &Request, handler: &Function);

    type Base;
    #[wasm_bindgen(method, catch, js_name = createObjectStore)]
    fn create_object_store(this: &Base, name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn transaction(this: &Base, store: &str, mode: &str) -> Result<Transaction, JsValue>;
    #[wasm_bindgen(method)]
    fn close(this: &Base);
    #[wasm_bindgen(method, setter)]
    fn set_onversionchange(this: &Base, handler: &Function);

    type Transaction;
    #[wasm_bindgen(method, catch, js_name = objectStore)]
    fn object_store(this: &Transaction, name: &str) -> Result<Store, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn commit(this: &Transaction) -> Result<(), JsValue>;
    #[wasm_bindgen(method, setter)]
    fn set_oncomplete(this: &Transaction, handler: &Function);
    #[wasm_bindgen(method, setter)]
    fn set_onabort(this: &Transaction, handler: &Function);

    type Store;
    #[wasm_bindgen(method, catch)]
    fn put(this: &Store, value: &str, key: &str) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn delete(this: &Store, key: &str) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getAll)]
    fn get_all(this: &Store, range: &JsValue, count: u32) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getAllKeys)]
    fn get_all_keys(this: &Store, range: &JsValue, count: u32) -> Result<Request, JsValue>;

    #[wasm_bindgen(js_name = IDBKeyRange)]
    type Range;
    #[wasm_bindgen(static_method_of = Range, js_class = IDBKeyRange, catch, js_name = lowerBound)]
    fn lower_bound(key: &str, without: bool) -> Result<JsValue, JsValue>;
}

/// A text under its key; `None` where something else stands.
pub(crate) type Row = (String, Option<String>);

/// An open database. It is closed when another page deletes it, and when this is dropped.
pub(crate) struct Database {
    base: Rc<Base>,
    closed: Rc<Cell<bool>>,
    _on_version_change: Closure<dyn FnMut()>,
}

impl Database {
    /// Opens the database of this name, and makes it if there is none.
    pub(crate) async fn open(name: &str) -> Result<Database, JsValue> {
        let request = factory()?.open(name, 1)?;
        let opening = request.clone();
        let on_upgrade = Closure::<dyn FnMut()>::new(move || {
            let base = opening.result().map(JsValue::unchecked_into::<Base>);
            // What fails here fails the opening, which says so.
            let _ = base.and_then(|base| base.create_object_store(STORE));
        });
        request.set_onupgradeneeded(on_upgrade.as_ref().unchecked_ref());
        let base = Rc::new(ended(&request).await?.unchecked_into::<Base>());
        let closed = Rc::new(Cell::new(false));
        let (own, is_closed) = (base.clone(), closed.clone());
        let on_version_change = Closure::<dyn FnMut()>::new(move || {
            is_closed.set(true);
            own.close();
        });
        base.set_onversionchange(on_version_change.as_ref().unchecked_ref());
        Ok(Database {
            base,
            closed,
            _on_version_change: on_version_change,
        })
    }

    /// True if another page has deleted it.
    pub(crate) fn is_gone(&self) -> bool {
        self.closed.get()
    }

    /// The next `count` rows behind the key `after`, in the order of their keys.
    pub(crate) async fn read(&self, after: &str, count: u32) -> Result<Vec<Row>, JsValue> {
        let range = Range::lower_bound(after, true)?;
        let store = self
            .base
            .transaction(STORE, "readonly")?
            .object_store(STORE)?;
        let keys = store.get_all_keys(&range, count)?;
        let values = store.get_all(&range, count)?;
        // Both are on their way: what comes first waits for nobody.
        let (keys, values) = (ended(&keys), ended(&values));
        let keys: Array = keys.await?.unchecked_into();
        let values: Array = values.await?.unchecked_into();
        let row = |(key, value): (JsValue, JsValue)| Some((key.as_string()?, value.as_string()));
        Ok(keys.iter().zip(values.iter()).filter_map(row).collect())
    }

    /// Puts texts under their keys, and deletes others, at once or not at all. It is under way when
    /// this returns; what it returns ends with it.
    pub(crate) fn write(
        &self,
        put: &[(String, String)],
        delete: &[String],
    ) -> Result<JsFuture, JsValue> {
        let transaction = self.base.transaction(STORE, "readwrite")?;
        let store = transaction.object_store(STORE)?;
        for (key, value) in put {
            store.put(value, key)?;
        }
        for key in delete {
            store.delete(key)?;
        }
        let done = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(&resolve);
            transaction.set_onabort(&reject);
        });
        // Older browsers have no such method, and end it a moment later by themselves.
        let _ = transaction.commit();
        Ok(JsFuture::from(done))
    }

    /// Deletes the database of this name, once no page has it open any more.
    pub(crate) async fn delete(name: &str) -> Result<(), JsValue> {
        let request = factory()?.delete_database(name)?;
        ended(&request).await.map(drop)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.base
            .set_onversionchange(&JsValue::NULL.unchecked_into());
        self.base.close();
    }
}

fn factory() -> Result<Factory, JsValue> {
    // Looking at it fails where a policy forbids it.
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into())?;
    if factory.is_object() {
        Ok(factory.unchecked_into())
    } else {
        Err(factory)
    }
}

/// The result of a request. It is listened to from now on, whenever it is asked for.
fn ended(request: &Request) -> impl Future<Output = Result<JsValue, JsValue>> {
    let done = JsFuture::from(Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(&resolve);
        request.set_onerror(&reject);
    }));
    let request = request.clone();
    async move {
        done.await?;
        request.result()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn row(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[wasm_bindgen_test]
    async fn texts_are_read_in_the_order_of_their_keys_and_in_parts() {
        let name = "test.order";
        let base = Database::open(name).await.expect("it opens");
        let rows = [row("b", "2"), row("a", "1"), row("c", "3")];
        let written = base.write(&rows, &[]).expect("it begins");
        written.await.expect("it is written");
        let some = |key: &str, value: &str| (key.to_owned(), Some(value.to_owned()));
        let first = base.read("", 2).await.expect("it can be read");
        assert_eq!(first, [some("a", "1"), some("b", "2")]);
        base.write(&[row("a", "4")], &["c".to_owned()])
            .expect("it begins")
            .await
            .expect("it is written");
        assert_eq!(base.read("b", 2).await.expect("it can be read"), []);
        let again = base.read("", 9).await.expect("it can be read");
        assert_eq!(again, [some("a", "4"), some("b", "2")]);
        drop(base);
        Database::delete(name).await.expect("nobody has it open");
        let empty = Database::open(name).await.expect("it opens");
        assert_eq!(empty.read("", 9).await.expect("it can be read"), []);
    }

    #[wasm_bindgen_test]
    async fn a_database_that_is_deleted_gives_way() {
        let base = Database::open("test.gone").await.expect("it opens");
        Database::delete("test.gone").await.expect("it gives way");
        assert!(base.is_gone());
        assert!(base.write(&[row("a", "1")], &[]).is_err());
        assert!(base.read("", 1).await.is_err());
    }
}
