import * as z from 'zod';
import { frameText } from '../../src/domain/rendering/frame-text.ts';

/**
 * Data as a host may hand it to a model, without the header that our texts put over a stranger's words (W-56): every
 * string is neutralised as it is there, and every key, except where `schema` says that the string is {@link own}. Ids,
 * times, enums and ordinary text stay byte for byte. What lies deeper than anything honest is left out, and said.
 */
export function frameData<Data>(data: Data, schema: z.ZodType): Data {
  return frame(data, schema, 0) as Data;
}

/** A string that this program itself makes and that has to stay as it is: a path must open, whatever its folders are called. */
export function own(description: string) {
  return z.string().describe(description).register(ownStrings, {});
}

function frame(data: unknown, schema: z.ZodType | undefined, depth: number): unknown {
  const place = bare(schema);
  if (typeof data === 'string') return place && ownStrings.has(place) ? data : frameText(data);
  if (typeof data !== 'object' || data === null) return data;
  if (depth === MAX_DEPTH) return TOO_DEEP;
  if (Array.isArray(data)) {
    const element = place instanceof z.ZodArray ? (place.element as z.ZodType) : undefined;
    return data.map((held) => frame(held, element, depth + 1));
  }
  const fields: Readonly<Record<string, z.ZodType>> = place instanceof z.ZodObject ? place.shape : {};
  return Object.fromEntries(
    Object.entries(data).map(([key, held]) => {
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
      return [frameText(key), frame(held, field, depth + 1)];
    }),
  );
}

/** A schema without what only says that its value may be missing or is not changed. */
function bare(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly
    ? bare(schema.unwrap() as z.ZodType)
    : schema;
}

const ownStrings = z.registry<Record<never, never>>();
const MAX_DEPTH = 100;
const TOO_DEEP = '(nested too deep to be shown)';
