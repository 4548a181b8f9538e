import { derivedId } from '#kernel';

import { CreateCategory } from './category-commands.js';

const builtIn = (key: string, name: string, description: string, color: string): CreateCategory =>
  new CreateCategory({ categoryId: derivedId('tasks.category', key), ownerId: null, name, description, color });

/** The categories that everybody has. Their ids are fixed, so that making them again changes nothing. */
export const builtInCategories: readonly CreateCategory[] = [
  builtIn('work', 'Work', 'What the job asks for', '#1565C0'),
  builtIn('personal', 'Personal', 'What life asks for', '#2E7D32'),
  builtIn('study', 'Study', 'What is to be learned', '#6A1B9A'),
];
