// Pictures of the server, shown; pictures of the person, made ready to be sent.

import { assetPath, request, token } from "./api.js";
import { el } from "./dom.js";

const LONGEST_PX = 1536;
const PREVIEW_PX = 160;
const MAX_BYTES = 50 * 1024 ** 2;

/** @typedef {{name: string, data: string, preview: string | null}} Picture  `data` and `preview` are data: URLs */

/**
 * A picture of the knowledge base. With a token it is fetched, because an `img` cannot send one.
 * @param {string} kb
 * @param {string} asset
 * @param {128 | 256 | 512 | 1024} size longest side
 * @param {string} alt
 */
export function assetImage(kb, asset, size, alt) {
  const image = el("img", { alt, decoding: "async", draggable: "false" });
  const missing = () =>
    image.replaceWith(el("span", { class: "no-picture", role: "img", "aria-label": alt }, "no picture"));
  image.addEventListener("error", missing);
  const path = assetPath(kb, asset, size);
  if (!token()) {
    image.loading = "lazy";
    image.src = path;
    return image;
  }
  request(path)
    .then((response) => response.blob())
    .then((blob) => {
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      image.src = URL.createObjectURL(blob);
    })
    .catch(missing);
  return image;
}

/** A picture of the knowledge base, to ask with. @param {string} kb @param {string} asset @param {string} name */
export async function pictureOfAsset(kb, asset, name) {
  const response = await request(assetPath(kb, asset, 1024));
  return preparePicture(await response.blob(), name);
}

/**
 * Makes a picture no larger than a model looks at. What this browser cannot read is sent as it is: the server may.
 * @param {Blob} blob
 * @param {string} name
 * @returns {Promise<Picture>}
 */
export async function preparePicture(blob, name) {
  if (blob.size > MAX_BYTES)
    throw new Error(`“${name}” has more than ${MAX_BYTES / 1024 ** 2} MB. Take a smaller picture.`);
  const bitmap = await createImageBitmap(blob).catch(() => null);
  if (!bitmap) {
    if (!blob.type.startsWith("image/")) throw new Error(`“${name}” is not a picture that can be read.`);
    return { name, data: await dataUrl(blob), preview: null };
  }
  try {
    const small = Math.max(bitmap.width, bitmap.height) <= LONGEST_PX && blob.size <= 1024 ** 2;
    const data =
      small && /^image\/(png|jpeg|webp)$/.test(blob.type) ? await dataUrl(blob) : drawn(bitmap, LONGEST_PX, 0.9);
    return { name, data, preview: drawn(bitmap, PREVIEW_PX, 0.8) };
  } finally {
    bitmap.close();
  }
}

/** @param {ImageBitmap} bitmap @param {number} longest @param {number} quality */
function drawn(bitmap, longest, quality) {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#fff"; // JPEG has no transparency; black would swallow the lines of a diagram
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", quality);
}

/** @param {Blob} blob @returns {Promise<string>} */
function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error("The picture cannot be read."));
    reader.readAsDataURL(blob);
  });
}
