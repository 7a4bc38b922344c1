/** The cache of answers. Mutations refetch what they may have changed. */
import { isPosternError } from '@postern/client';
import { QueryClient } from '@tanstack/react-query';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // The client repeats what may be repeated; every other failure is shown with a button.
      retry: (failures, error) => failures < 1 && isPosternError(error, 'SERVICE_BUSY'),
    },
  },
});
