/**
 * Timers, idle callbacks and the transactions of a database have their turns one after the other: what VS Code had
 * waiting when this began is written when it ends.
 */
export const turnOfStorage = `(async () => {
  await new Promise((next) => setTimeout(next, 5_100));
  await new Promise((next) => requestIdleCallback(next));
  await new Promise((next) => setTimeout(next, 200));
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((next, fail) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => next(opening.result);
      opening.onerror = () => fail(opening.error);
    });
    const stores = [...database.objectStoreNames];
    if (stores.length > 0)
      await new Promise((next) => {
        const reading = database.transaction(stores, 'readonly');
        reading.oncomplete = next;
        reading.objectStore(stores[0]).count();
      });
    database.close();
  }
})()`;
