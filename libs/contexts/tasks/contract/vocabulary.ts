/** From the least urgent to the most. */
export const TaskPriorities = ['low', 'medium', 'high', 'urgent'] as const;
export type TaskPriority = (typeof TaskPriorities)[number];

export const TaskStatuses = ['pending', 'in_progress', 'completed', 'cancelled'] as const;
export type TaskStatus = (typeof TaskStatuses)[number];
