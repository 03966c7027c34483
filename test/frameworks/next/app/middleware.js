import { NextResponse } from 'next/server';

export default function answer(request) {
  const { pathname } = request.nextUrl;
  const status = Number(request.headers.get('x-answer'));
  if (status > 0) return new NextResponse(status === 304 ? null : 'answered', { status });
  if (pathname === '/guarded') return new NextResponse('who are you?', { status: 401 });
  if (pathname.startsWith('/aliases/')) return NextResponse.rewrite(new URL('/items/7', request.url));
  if (pathname.startsWith('/moved/')) return NextResponse.redirect(new URL('/items/7', request.url));
  return NextResponse.next();
}

export const config = { matcher: ['/guarded', '/aliases/:path*', '/moved/:path*', '/items/:path*'] };
