// The files of a drop and of a chosen folder, also those in folders. Each has its path in its name: `manuals/pump.pdf`.

/** @param {FileList | null} files as a choice of a folder gives them @returns {File[]} without what file managers hide */
export const filesBelow = (files) =>
  [...(files ?? [])]
    .filter((file) => !file.webkitRelativePath.split("/").some((part) => part.startsWith(".")))
    .map((file) => named(file, file.webkitRelativePath));

/**
 * To be called while the drop is handled: afterwards the browser has let go of it.
 * @param {DataTransfer | null} transfer
 * @returns {Promise<File[]>}
 */
export async function filesOf(transfer) {
  const entries = [...(transfer?.items ?? [])].map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = [...(transfer?.files ?? [])];
  if (!entries.some((entry) => entry?.isDirectory)) return files;
  return (await Promise.all(entries.map((entry) => (entry ? below(entry) : [])))).flat();
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} without what file managers hide */
async function below(entry) {
  if (entry.name.startsWith(".")) return [];
  if (entry.isFile) {
    const file = await asked((then, otherwise) => /** @type {FileSystemFileEntry} */ (entry).file(then, otherwise));
    return [named(file, entry.fullPath.replace(/^\//, ""))];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {File[][]} */
  const files = [];
  for (;;) {
    const some = await asked((then, otherwise) => reader.readEntries(then, otherwise)); // a hundred at a time
    if (!some.length) return files.flat();
    files.push(...(await Promise.all(some.map(below))));
  }
}

/** @param {File} file @param {string} path */
const named = (file, path) => new File([file], path, { type: file.type });

/**
 * @template T
 * @param {(then: (value: T) => void, otherwise: (error: any) => void) => void} ask
 * @returns {Promise<T>}
 */
const asked = (ask) => new Promise(ask);
