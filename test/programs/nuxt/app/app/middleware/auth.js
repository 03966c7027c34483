export default defineNuxtRouteMiddleware((to) =>
  to.params.id === 'refused' ? abortNavigation({ statusCode: 403 }) : navigateTo('/'),
);
