import { getMetadataStorage } from 'class-validator';

const storage = getMetadataStorage();
const search = storage.getTargetValidationMetadatas.bind(storage);
type Found = ReturnType<typeof search>;
const found = new WeakMap<object, Found>();

// class-validator goes through the decorators of all classes that exist at every validation. What it finds for a class is
// complete once the class is, so it is looked up once.
storage.getTargetValidationMetadatas = (type, schema, always, strictGroups, groups) => {
  if (typeof type !== 'function' || schema || always || strictGroups || groups?.length)
    return search(type, schema, always, strictGroups, groups);
  let metadata = found.get(type);
  if (!metadata) found.set(type, (metadata = search(type, schema, always, strictGroups, groups)));
  return metadata;
};

/** What class-validator's decorators say of a class and those that it extends. */
export const validationMetadata = (type: new (...args: never[]) => object): Found =>
  storage.getTargetValidationMetadatas(type, '', false, false);
